import {errors} from 'undici';

/** The status with which a proxy refused to pass a request on. */
const refusedByProxy = (error: unknown): string | undefined => {
  const text = error instanceof Error ? error.message : '';
  return (
    /^Proxy response \((\d+)\)/.exec(text)?.[1] ?? /^Proxy Authentication Required \((407)\)/.exec(text)?.[1]
  );
};

/** What OpenSSL says of a certificate that leads to no authority which is trusted. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const whatFailed = (error: unknown): string => {
  if (error instanceof errors.ConnectTimeoutError) return 'no connection within platform.timeout';
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return 'no answer within platform.timeout';
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'the answer is larger than 8 MiB';
  if (error instanceof Error && error.name === 'TimeoutError') return 'no whole answer in time';
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'the answer is larger than 8 MiB';
  if (code.startsWith('Z_')) return `its compressed answer cannot be read (${code})`;
  return UNTRUSTED.has(code)
    ? `its certificate is not trusted (${code}); name the authority that signed it in platform.caFile`
    : `the connection failed (${code})`;
};

/**
 * Says what went wrong on the network, and where to: without the path or the headers of the request.
 *
 * @param baseUrl what the request began with; it holds no credentials
 */
export const describeNetworkError = (error: unknown, baseUrl: string): string => {
  const status = refusedByProxy(error);
  const proxy = error instanceof Error && 'proxy' in error ? `, through the proxy of ${error.proxy}` : '';
  if (status === undefined) return `${baseUrl}${proxy}: ${whatFailed(error)}`;
  const advice = status === '407' ? 'it wants a user and a password' : 'it does not let the request through';
  return `${baseUrl}: the proxy answered ${status}: ${advice}; check HTTPS_PROXY, HTTP_PROXY and NO_PROXY`;
};
