// The till: its cart is kept by the sandbox; staff and extensions change it the same way.
import { filling, host, json, page, share } from '../host.js';

const root = `/shops/${page.domain}/till`;
const cart = document.getElementById('cart');
const modal = document.getElementById('modal');
const inside = document.getElementById('inside');

async function call(name, ...given) {
  const { error, cart: html, state, go } = await json(`${root}/cart/${name}.json`, { given });
  if (error) throw new Error(error);
  cart.innerHTML = html; // the sandbox's own template
  share(state);
  if (go) location.assign(go);
}

document.addEventListener('click', (event) => {
  const { dataset } = event.target.closest('button') || {};
  if (!dataset) return;
  if (dataset.add) call('addLineItem', Number(dataset.add), 1);
  if (dataset.less) call('removeLineItem', dataset.less);
  if (dataset.uncode) call('removeCode', dataset.uncode);
  if (dataset.customer !== undefined) call(dataset.customer ? 'setCustomer' : 'removeCustomer', { id: Number(dataset.customer) });
  if (dataset.pay !== undefined) call('pay');
  if (dataset.close !== undefined) modal.close();
});
cart.addEventListener('submit', (event) => {
  event.preventDefault();
  call('addCartCodeDiscount', new FormData(event.target).get('code'));
});
document.getElementById('scan').addEventListener('submit', (event) => {
  event.preventDefault();
  share({ 'scanner.scannerData.current': { data: new FormData(event.target).get('data'), source: 'camera' } });
});
document.getElementById('offline').addEventListener('change', (event) => {
  document.getElementById('no-net').hidden = !event.target.checked;
  share({ 'connectivity.current': { internetConnected: event.target.checked ? 'Disconnected' : 'Connected' } });
});
modal.addEventListener('close', () => inside.replaceChildren());

// A tile opens the modal of its extension, a block the action that stands beside it.
function presentModal(frame) {
  const { target, handle } = frame.dataset;
  const wanted = target === 'pos.home.tile.render' ? 'pos.home.modal.render' : target.replace(/\.block\.render$/, '.action.render');
  const found = [...document.getElementById('modals').content.querySelectorAll('iframe')]
    .find((one) => one.dataset.handle === handle && one.dataset.target === wanted);
  if (!found) throw new Error(`${handle} has nothing for ${wanted}`);
  const made = filling(found);
  made.dataset.values = frame.dataset.values || '{}';
  inside.replaceChildren(made);
  if (!modal.open) modal.showModal();
}

const given = (name) => (_, ...args) => call(name, ...args);
host({
  ...Object.fromEntries(['applyCartDiscount', 'addCartCodeDiscount', 'removeCartDiscount', 'removeAllDiscounts', 'clearCart', 'setCustomer',
    'removeCustomer', 'addLineItem', 'removeLineItem', 'addCartProperties', 'removeCartProperties'].map((name) => [name, given(name)])),
  presentModal,
  close() { modal.close(); },
  back() { modal.close(); },
  navigate: (_, url) => ({ within: url }),
  showCameraScanner() { document.querySelector('#scan input').focus(); },
});
