import {isIP, isIPv4} from 'node:net';
import {z} from 'zod';
import {whenSound} from '../document/when-sound.ts';

const port = z.int().min(0).max(65_535);

const isNetwork = (text: string): boolean => {
  const [address = '', prefix, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv4(address) ? 32 : 128));
};

const host = z
  .string()
  .regex(
    /^(?:\*\.)?[A-Za-z0-9](?:[-.A-Za-z0-9]*[A-Za-z0-9])?$/,
    'must be the name of a host, or *. and a domain',
  );

const proxy = z.strictObject({
  userHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
    .default('X-Forwarded-User'),
  addresses: z
    .array(z.string().refine(isNetwork, 'must be an address or a network, such as 10.0.0.0/8'))
    .min(1)
    .describe('From where the header is believed.'),
});

const auth = z
  .strictObject({
    tokenFile: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('Whoever has the token in this file may look.'),
    proxy: proxy.optional().describe('Whoever a proxy names in a header may look.'),
  })
  .refine(({proxy: given, tokenFile}) => given !== undefined || tokenFile !== undefined, {
    message: 'needs tokenFile, proxy or both',
    ...whenSound(),
  });

const IS_PATH = 'must be a path such as /rollcall, without a slash at its end';

/** What has more below it, with or without a path before it. */
const OWN_PATHS: ReadonlySet<string> = new Set(['api', 'campaigns', 'hooks']);

/** How the page, the API, metrics and probes are served. */
export const http = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: port.default(8080),
    metricsPort: port
      .optional()
      .describe(
        'Where metrics and probes are served, and nothing else; with the rest where it is not given.',
      ),
    basePath: z
      .string()
      .regex(/^(?:\/[A-Za-z0-9._~-]+)+$/, IS_PATH)
      .refine(text => !text.split('/').some(part => part === '.' || part === '..'), IS_PATH)
      .refine(
        text => !OWN_PATHS.has(text.split('/')[1] ?? ''),
        'must not begin with /api, /campaigns or /hooks, which stand there without it',
      )
      .optional()
      .describe('What stands before every path, where a proxy puts something there.'),
    hosts: z
      .array(host)
      .default([])
      .describe('Names by which the server is asked, besides addresses and localhost.'),
    auth: auth.optional().describe('Who may look; everybody who reaches the port where it is not given.'),
  })
  .refine(
    ({metricsPort, port: main}) => metricsPort === undefined || metricsPort === 0 || metricsPort !== main,
    {
      message: 'must be another than port',
      path: ['metricsPort'],
      ...whenSound('metricsPort', 'port'),
    },
  );
