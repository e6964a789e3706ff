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
