// A stand-in for what every Liquid storefront has: Shopify.actions, and the events of its cart. The theme's own part is
// below: prices that follow the chosen variant, and a cart page that shows what a script did to the cart.
(() => {
  const root = window.Shopify.routes.root;

  const post = async (path, body) => {
    const answer = await fetch(root + path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
    return answer.json();
  };

  const read = (cart) => ({
    discountCodes: cart.discount_codes.map(({code, applicable}) => ({code, applicable})),
    cost: {totalAmount: {amount: cart.total_price / 100, currencyCode: cart.currency}},
    totalQuantity: cart.item_count,
  });

  const tell = (name, promise) => document.dispatchEvent(Object.assign(new CustomEvent(name, {bubbles: true}), {promise}));

  window.Shopify.actions = {
    async getCart() {
      return {cart: read(await (await fetch(`${root}cart.js`)).json())};
    },
    async updateCart({discountCodes, lines}) {
      const asked = {};
      if (discountCodes) asked.discount = discountCodes.join(',');
      if (lines) asked.updates = Object.fromEntries(lines.map(({merchandiseId, quantity}) => [String(merchandiseId).split('/').pop(), quantity]));
      const done = post('cart/update.js', asked).then((cart) => ({cart: read(cart), userErrors: []}));
      tell(discountCodes ? 'shopify:cart:discount-update' : 'shopify:cart:lines-update', done);
      return done;
    },
    openCart() { location.assign(`${root}cart`); },
  };

  document.addEventListener('change', (event) => {
    const price = document.querySelector('[data-price]:not(option)');
    const option = event.target.name === 'id' && event.target.selectedOptions?.[0];
    if (option && price) price.textContent = option.dataset.price;
  });

  document.addEventListener('shopify:cart:discount-update', (event) => event.promise.then(async () => {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    const [now, then] = [fresh, document].map((page) => page.querySelectorAll('.cart aside > :not(.shopify-block)'));
    if (then.length) {
      then.forEach((node, place) => place && node.remove());
      then[0].replaceWith(...now);
    }
  }));
})();
