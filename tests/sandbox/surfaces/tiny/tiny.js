// A bundle without a build: what it is told it writes into elements, so that a test can read it.
const APP = 'https://app.example';
const put = (id, text, tag = 's-text') => {
  const element = document.getElementById(id) || document.body.appendChild(document.createElement(tag));
  element.id = id;
  element.textContent = typeof text === 'string' ? text : JSON.stringify(text);
  return element;
};
const button = (id, label, press) => put(id, label, 's-button').addEventListener('click', press);
const follow = (id, signal) => { put(id, signal.value); signal.subscribe((value) => put(id, value)); };

async function ask(path) {
  try {
    const token = await shopify.sessionToken.get();
    const answer = await fetch(`${APP}${path}`, { headers: { Authorization: `Bearer ${token}` } });
    put('answer', `${answer.status} ${await answer.text()}`);
  } catch (error) { put('answer', `failed: ${error.message}`); }
}

shopify.extend('purchase.checkout.block.render', async () => {
  const { i18n } = shopify;
  put('editor', shopify.extension.editor?.type ?? 'none');
  put('words', [i18n.translate('hello', { name: 'Ana' }), i18n.translate('points', { count: 1 }), i18n.translate('points', { count: 2 }), i18n.translate('only.english')]);
  put('money', i18n.formatCurrency(1234.5, { currency: 'PHP' }));
  put('settings', shopify.settings.value);
  put('customer', shopify.buyerIdentity.customer.value?.id ?? 'guest');
  follow('total', shopify.cost.totalAmount);
  follow('codes', shopify.discountCodes);
  follow('allocations', shopify.discountAllocations);
  follow('instructions', shopify.instructions);
  button('add', 'Use my code', async () => put('result', await shopify.applyDiscountCodeChange({ type: 'addDiscountCode', code: 'SAVE' })));
  button('take', 'Take it off', async () => put('result', await shopify.applyDiscountCodeChange({ type: 'removeDiscountCode', code: 'SAVE' })));
  button('ask', 'Ask the app', () => ask('/shopper/v1/me'));
  button('keep', 'Keep', async () => { await shopify.storage.write('mine', { n: 1 }); put('kept', await shopify.storage.read('mine')); });
});

shopify.extend('purchase.thank-you.block.render', async () => {
  put('order', shopify.orderConfirmation.value);
  put('checkout', shopify.checkoutToken.value);
  put('can', typeof shopify.applyDiscountCodeChange);
});

shopify.extend('customer-account.page.render', async () => {
  const where = () => put('where', navigation.currentEntry.url);
  where();
  navigation.addEventListener('currententrychange', where);
  put('who', shopify.authenticatedAccount.customer.value?.id ?? 'nobody');
  button('history', 'History', () => navigation.navigate('extension:/history'));
  button('orders', 'Orders', () => navigation.navigate('shopify:customer-account/orders'));
  const link = put('deep', 'Deep', 's-link');
  link.setAttribute('href', 'extension:tiny/deep');
});

shopify.extend('customer-account.order-status.block.render', async () => {
  put('state', shopify.authenticationState.value);
  put('order', shopify.order.value?.name ?? 'none');
  put('email', shopify.buyerIdentity.email.value ?? 'none');
  button('login', 'Sign in', () => shopify.requireLogin());
  button('ask', 'Ask the app', () => ask('/shopper/v1/orders/1'));
});

async function askRelative() {
  try {
    const answer = await fetch('/staff/v1/members');
    put('answer', `${answer.status} ${await answer.text()}`);
  } catch (error) { put('answer', `failed: ${error.message}`); }
}

shopify.extend('pos.home.tile.render', async () => {
  const tile = put('tile', '', 's-tile');
  const draw = (cart) => { tile.heading = 'Tiny'; tile.subheading = cart.customer ? `customer ${cart.customer.id}` : 'nobody'; };
  draw(shopify.cart.current.value);
  shopify.cart.current.subscribe(draw);
  tile.addEventListener('click', () => shopify.action.presentModal());
});

shopify.extend('pos.home.modal.render', async () => {
  follow('net', shopify.connectivity.current);
  follow('scanned', shopify.scanner.scannerData.current);
  follow('discounts', { get value() { return shopify.cart.current.value.cartDiscounts; }, subscribe: (hear) => shopify.cart.current.subscribe((cart) => hear(cart.cartDiscounts)) });
  put('staff', shopify.session.currentSession.staffMemberId);
  put('token', (await shopify.session.getSessionToken()) === undefined ? 'no token' : 'token');
  button('ask', 'Ask the app', askRelative);
  button('add', 'Use code', () => shopify.cart.addCartCodeDiscount('SAVE'));
  button('done', 'Done', () => { shopify.toast.show('Applied'); window.close(); });
});

shopify.extend('pos.purchase.post.block.render', async () => put('sold', shopify.order));

shopify.extend('admin.customer-details.block.render', async () => {
  const block = put('block', '', 's-admin-block');
  block.setAttribute('heading', 'Points of Ana');
  put('selected', shopify.data.selected);
  button('open', 'Give points', () => shopify.navigation.navigate('extension://tiny'));
});

shopify.extend('admin.customer-details.action.render', async () => {
  put('action', shopify.data.selected);
  button('ask', 'Ask the app', askRelative);
  button('shut', 'Shut', () => shopify.close());
});
