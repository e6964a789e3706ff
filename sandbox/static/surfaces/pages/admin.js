// Customer and order pages of the admin: blocks in cards, actions in a dialog.
import { filling, host, page } from '../host.js';

const root = `/shops/${page.domain}`;
const modal = document.getElementById('modal');
const inside = document.getElementById('inside');

function open(handle) {
  const found = [...document.getElementById('modals').content.querySelectorAll('iframe')].find((one) => one.dataset.handle === handle);
  if (!found) throw new Error(`no action ${handle} on this page`);
  inside.replaceChildren(filling(found));
  if (!modal.open) modal.showModal();
}

document.addEventListener('click', (event) => {
  const { dataset } = event.target.closest('button') || {};
  if (dataset?.action) open(dataset.action);
  if (dataset?.close !== undefined) modal.close();
});
modal.addEventListener('close', () => inside.replaceChildren());

/** `extension://handle` opens an action, `shopify:admin/…` a page of the admin, `app:…` and a path one of the app's. */
function navigate(_, url) {
  const action = /^extension:(?:\/\/)?([\w-]+)/.exec(url);
  const admin = /^shopify:(?:\/\/)?admin(\/.*)$/.exec(url);
  const app = /^(?:app:(?:\/\/)?)?(\/.*)$/.exec(url);
  if (action) open(action[1]);
  else if (admin) location.assign(`${root}/admin${admin[1]}`);
  else if (app) location.assign(`${root}/admin/apps/${page.more.app}${app[1]}`);
  else window.open(url, '_blank', 'noopener');
  return {};
}

host({
  navigate,
  close() { modal.close(); },
  query: async () => ({ errors: [{ message: 'The sandbox answers the Admin API to the app only' }] }),
});
