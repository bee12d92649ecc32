interface HttpGet {
  readonly scheme?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
}

/** v1.Probe, the fields that are printed. */
export interface Probe {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: HttpGet;
  readonly tcpSocket?: { readonly host?: string; readonly port?: number | string };
  readonly grpc?: { readonly port: number; readonly service?: string };
  /** Seconds, as the two below. */
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
}

/** A probe on one line: what it asks, and how often. */
export function probeText(probe: Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0 } = probe;
  const { successThreshold = 0, failureThreshold = 0 } = probe;
  const timing = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s successThreshold=${successThreshold} failureThreshold=${failureThreshold}`;
  return `${questionText(probe)} ${timing}`;
}

function questionText({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec !== undefined) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet !== undefined) return `http-get ${urlText(httpGet)}`;
  if (tcpSocket !== undefined) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port ?? ''}`;
  return grpc === undefined ? 'unknown' : `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`;
}

function urlText({ scheme = 'HTTP', host = '', port = '', path = '' }: HttpGet): string {
  const place = port === '' ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const [way = '', ...query] = path.split('?');
  const search = query.length === 0 ? '' : `%3F${query.join('%3F')}`;
  const rooted = way === '' || way.startsWith('/') ? way : `/${way}`;
  return `${scheme.toLowerCase()}://${place}${encodeURI(rooted)}${search}`;
}
