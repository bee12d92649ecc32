/** Commands of kubectl that need a running container or its load, and why they make no sense here. */
const REFUSALS: Readonly<Record<string, string>> = {
  attach: 'there is nothing to attach to',
  autoscale: 'there is no load to scale by',
  cp: 'there are no files to copy',
  debug: 'there is nothing to debug',
  exec: 'there is nothing to execute a command in',
  expose: 'there is nothing to expose; a Service comes from "kdaemon apply -f"',
  logs: 'there are no logs to print',
  'port-forward': 'nobody listens on a port of a pod',
  proxy: 'there is nothing behind a proxy; "kdaemon serve" serves the API itself',
  run: 'there is no image to run; a Pod comes from "kdaemon apply -f"',
  top: 'nothing uses CPU or memory',
};

/** Why kdaemon has no such command though kubectl has, on one line; undefined for other names. */
export function whyNoCommand(name: string): string | undefined {
  return Object.hasOwn(REFUSALS, name) ? `kdaemon runs no containers: ${REFUSALS[name]}` : undefined;
}
