/** Why a controller does not start, by what the system says: only where it cannot listen is it about an address. */
import {expect, it} from 'vitest';
import {whyNotStarted} from '../../src/cli/not-listening.ts';
import type {Config} from '../../src/config/schema.ts';

const CONFIG = {
  http: {host: 'rollcall.example', port: 80, metricsPort: 9090},
  platform: {simulator: {port: 4010}},
} as Config;

it.each<[Record<string, unknown>, string]>([
  [
    {code: 'EADDRINUSE', syscall: 'listen', port: 80},
    'rollcall.example:80 is in use: choose another with --http-port',
  ],
  [
    {code: 'EADDRINUSE', syscall: 'listen', port: 9090},
    'rollcall.example:9090 is in use: choose another for http.metricsPort',
  ],
  [
    {code: 'EADDRINUSE', syscall: 'listen', port: 4010},
    'port 4010 is in use: choose another for platform.simulator.port',
  ],
  [
    {code: 'EACCES', syscall: 'listen', port: 80},
    'this user may not listen on rollcall.example:80: choose a port from 1024 on',
  ],
  [
    {code: 'EADDRNOTAVAIL', syscall: 'listen'},
    'rollcall.example:80 is no address of this machine: choose another for http.host',
  ],
  [
    {code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'rollcall.example'},
    'rollcall.example has no address',
  ],
  [{code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'git.example'}, 'as it was'],
  [{code: 'EACCES', syscall: 'mkdir', path: '/cache'}, 'as it was'],
  [{}, 'as it was'],
])('%j', (said, text) => {
  expect(whyNotStarted(Object.assign(new Error('as it was'), said), CONFIG)).toContain(text);
});
