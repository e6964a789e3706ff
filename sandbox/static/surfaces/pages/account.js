// The account: `extension:` addresses lead to the app's own pages, `shopify:` ones to the account's.
import { host, openApp, page } from '../host.js';

const root = `/shops/${page.domain}`;
const own = page.more.handle;

function placeOf(url) {
  const within = /^extension:(?:\/\/)?([\w-]*)(\/.*)?$/.exec(url);
  if (within) return { handle: within[1] || own, path: within[2] || '/' };
  const account = /^shopify:(?:\/\/)?customer-account\/?(.*)$/.exec(url);
  if (account) return { href: `${root}/account/${account[1] || 'orders'}` };
  return { href: url };
}

function navigate(frame, url, { target } = {}) {
  const place = placeOf(url);
  if (place.href) {
    if (target === '_blank' || /^https?:/.test(place.href)) openApp(place.href); else location.assign(place.href);
    return {};
  }
  const address = `${root}/account/pages/${place.handle || frame.dataset.handle}`;
  const path = place.path === '/' ? '' : `?path=${encodeURIComponent(place.path)}`;
  if (own && place.handle === own) {
    history.pushState(null, '', address + path);
    return { within: `extension:${place.path}` };
  }
  location.assign(address + path);
  return {};
}

addEventListener('popstate', () => {
  const path = new URLSearchParams(location.search).get('path') || '/';
  for (const frame of document.querySelectorAll('iframe.extension')) frame.contentWindow.postMessage({ surface: 'went', value: `extension:${path}` }, '*');
});

host({
  navigate,
  back: () => history.back(),
  applyTrackingConsentChange: async () => ({ type: 'success' }),
  requireLogin() {
    location.assign(`${root}/customer_authentication/login?return_to=${encodeURIComponent(location.pathname)}`);
    return null;
  },
});
