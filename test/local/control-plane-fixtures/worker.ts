// A worker that knows nothing of the host. What it does is said by its environment.
const agent = `${process.env.ECS_AGENT_URI}/task-protection/v1/state`;
const say = (event: string, more: object = {}): void =>
  console.log(JSON.stringify({ event, pid: process.pid, ...more }));

const protect = async (enabled: boolean): Promise<unknown> => {
  const response = await fetch(agent, {
    method: 'PUT',
    body: JSON.stringify({ ProtectionEnabled: enabled, ExpiresInMinutes: 1 }),
  });
  return { status: response.status, ...((await response.json()) as object) };
};

process.on('SIGTERM', async () => {
  say('sigterm');
  if (process.env.ON_TERM === 'ignore') return;
  if (process.env.ON_TERM === 'protect') say('refused', { answer: await protect(true) });
  process.exit(0);
});

if (process.env.PROTECT === 'yes') say('protected', { answer: await protect(true) });
const metadata = await (await fetch(`${process.env.ECS_CONTAINER_METADATA_URI_V4}/task`)).json();
say('ready', { metadata, leaked: process.env.AWS_PROFILE });
if (process.env.BURN === 'yes') for (;;);
setInterval(() => {}, 1000);
