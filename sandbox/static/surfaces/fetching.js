// `fetch` as extensions have it: from a frame without an origin, so that the app has to allow it. In admin and till a
// path is joined to the app's address, and calls to the app carry a token.

export function fetchOf({ surface, told, signals, wire }) {
  const real = window.fetch.bind(window);
  const wait = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });

  return async (input, init = {}) => {
    const asked = typeof input === 'string' ? input : input.url ?? String(input);
    if (asked.startsWith('shopify:')) return new Response('{"errors":[{"message":"not in the sandbox"}]}', { status: 501 });
    if (signals.get('connectivity.current')?.internetConnected === 'Disconnected') throw new TypeError('Failed to fetch');
    if (surface.needsNetworkAccess && !told.networkAccess) throw new TypeError('fetch: network_access is not declared');
    const url = asked.startsWith('/') && surface.joinsPaths ? told.appUrl + asked : asked;
    const headers = new Headers(init.headers || (typeof input === 'object' ? input.headers : undefined));
    const own = url.startsWith(`${told.appUrl}/`);
    if (own && surface.joinsPaths && !headers.has('Authorization')) {
      const token = await wire.ask('token');
      if (token) headers.set('Authorization', `Bearer ${token}`);
    }
    if (own && told.slowSeconds) await wait(told.slowSeconds);
    const way = { ...init, headers, credentials: 'omit' };
    return real(input instanceof Request ? new Request(url, new Request(input, way)) : url, way);
  };
}
