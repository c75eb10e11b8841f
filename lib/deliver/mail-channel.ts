import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { ReportChannel } from './channel.ts';

/** A mail to one address, as HTML with a plain-text part. `from` must be verified in SES, in its sandbox `to` as well. */
export const mailChannel = (ses: SESv2Client, from: string, to: string): ReportChannel => ({
  name: `mail:${to}`,
  send: async ({ subject, html, text }) => {
    const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: utf8(subject), Body: { Html: utf8(html), Text: utf8(text) } } },
      }),
    );
  },
});
