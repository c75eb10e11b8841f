/** When the weekly report is made, and who gets it. */
export interface ReportPlan {
  readonly at: { readonly weekday: 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'; readonly minute: number };
  readonly timeZone: string;
  readonly email: readonly string[];
  /** Sender, verified in SES. Absent: nobody gets mail. */
  readonly from?: string;
  /** ARN of an SNS topic that gets the text. */
  readonly topicArn?: string;
}
