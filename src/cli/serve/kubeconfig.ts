import { dumpYaml } from '../../domain/yaml/dump.ts';

/** How clients reach a server. */
export interface Access {
  /** `https://127.0.0.1:6443`. */
  readonly server: string;
  /** PEM text; absent for plain HTTP. */
  readonly authority?: string;
  readonly token?: string;
}

/** A kubeconfig with one cluster, one user and one context, all named `kdaemon`. */
export function kubeconfigText({ server, authority, token }: Access): string {
  const name = 'kdaemon';
  const certificates =
    authority === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  return dumpYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...certificates } }],
    users: [{ name, user: token === undefined ? {} : { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
