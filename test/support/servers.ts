import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import {type AddressInfo, createServer as createTcpServer} from 'node:net';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {eventually} from './wait.ts';

const SSHD = '/usr/sbin/sshd';

const has = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, {stdio: 'ignore'}).error === undefined;

const backend = (): string =>
  join(execFileSync('git', ['--exec-path'], {encoding: 'utf8'}).trim(), 'git-http-backend');

/** What a machine may lack; where CI=true nothing may be lacking, so that no test is left out unseen. */
const required = process.env['CI'] === 'true';
export const canServeSsh = required || (existsSync(SSHD) && has('ssh-keygen', '-?'));
export const canServeHttps = required || (has('openssl', 'version') && existsSync(backend()));

/** A port that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createTcpServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const keygen = (file: string): void => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
};

/** A real sshd on loopback that lets one key in. */
export const startSshd = async (folder: string) => {
  const [hostKey, clientKey, strangerKey] = ['host', 'client', 'stranger'].map(name =>
    join(folder, `${name}_key`),
  ) as [string, string, string];
  for (const key of [hostKey, clientKey, strangerKey]) keygen(key);
  const authorized = join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${clientKey}.pub`), {mode: 0o600});
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${authorized}`,
      `PidFile ${join(folder, 'sshd.pid')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'StrictModes no',
      'UsePAM no',
      '',
    ].join('\n'),
  );
  if (userInfo().uid === 0) mkdirSync('/run/sshd', {recursive: true});
  const daemon = spawn(SSHD, ['-D', '-e', '-f', config], {stdio: ['ignore', 'ignore', 'pipe']});
  let log = '';
  daemon.stderr.on('data', chunk => {
    log += chunk;
  });
  onTestFinished(() => void daemon.kill('SIGKILL'));
  await eventually(() => log.includes('Server listening') || Promise.reject(new Error(log)));
  const line = (key: string): string => `[127.0.0.1]:${port} ${readFileSync(`${key}.pub`, 'utf8')}`;
  const [knownHosts, wrongHosts] = [join(folder, 'known hosts'), join(folder, 'wrong_hosts')];
  writeFileSync(knownHosts, line(hostKey));
  writeFileSync(wrongHosts, line(strangerKey));
  const url = (path: string): string => `ssh://${userInfo().username}@127.0.0.1:${port}${path}`;
  return {url, clientKey, strangerKey, knownHosts, wrongHosts};
};

/** A key and a certificate of its own for loopback, in files of `folder`. */
export const certificate = (folder: string): {key: string; cert: string} => {
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject],
    {stdio: 'ignore'},
  );
  return {key, cert};
};

/** `git http-backend` behind a real HTTPS server on loopback, which asks for a user and a password. */
export const startGitHttps = async (
  folder: string,
  root: string,
  credentials: {username: string; password: string},
) => {
  const {cert, key} = certificate(folder);
  const state = {...credentials};
  const server = createServer({key: readFileSync(key), cert: readFileSync(cert)}, (request, response) => {
    const expected = `Basic ${Buffer.from(`${state.username}:${state.password}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      response.writeHead(401, {'www-authenticate': 'Basic realm="git"'}).end();
      return;
    }
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const cgi = spawn(backend(), {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        REQUEST_METHOD: request.method,
        PATH_INFO: decodeURIComponent(path),
        QUERY_STRING: query,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        REMOTE_USER: state.username,
        ...(request.headers['git-protocol'] && {GIT_PROTOCOL: String(request.headers['git-protocol'])}),
        ...(request.headers['content-encoding'] && {
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        }),
      },
    });
    request.pipe(cgi.stdin);
    const chunks: Buffer[] = [];
    cgi.stdout.on('data', chunk => chunks.push(chunk));
    cgi.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      const headers = output
        .toString('utf8', 0, end)
        .split('\r\n')
        .map(line => line.split(': ', 2) as [string, string]);
      const status = headers.find(([name]) => name === 'Status')?.[1];
      response.writeHead(
        status ? Number.parseInt(status, 10) : 200,
        Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
      );
      response.end(output.subarray(end + 4));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  const {port} = server.address() as AddressInfo;
  return {
    url: (name: string) => `https://127.0.0.1:${port}/${name}`,
    caFile: cert,
    stop,
    changePassword: (password: string) => {
      state.password = password;
    },
  };
};

/** A file that only its owner may read, as ssh wants a key to be. */
export const secretFile = (path: string, text: string): string => {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
};
