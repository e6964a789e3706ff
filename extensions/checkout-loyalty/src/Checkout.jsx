import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useLoaded} from '../../shared/loading.js';
import {sampleCart, sampleMe} from '../../shared/samples.js';
import {askApp} from './app.js';
import {cartOf} from './cart.js';

/**
 * @typedef {import('../../shared/api').Me} Me
 * @typedef {import('../../shared/api').CartJudged} CartJudged
 */

export default async () => {
  render(shopify.extension.editor ? <Example /> : <Loyalty />, document.body);
};

/** What the merchant sees while editing: nobody's data, nothing asked. */
function Example() {
  return <Shown me={sampleMe(shopify.i18n)} cart={sampleCart(shopify.i18n, shopify.localization.currency.value.isoCode)} />;
}

function Loyalty() {
  const asked = JSON.stringify(cartOf(shopify));
  const me = useLoaded(/** @returns {Promise<Me>} */ (signal) => askApp('/me', {signal}));
  const cart = useLoaded(/** @returns {Promise<CartJudged>} */ (signal) => askApp('/cart', {body: JSON.parse(asked), signal}), [asked]);
  // Nothing that we show is worth an error in somebody's checkout.
  if (me.error || (cart.error && !cart.answer)) return null;
  if (!me.answer || !cart.answer) return <s-skeleton-paragraph />;
  return <Shown me={me.answer} cart={cart.answer} />;
}

/** @param {{me: Me, cart: CartJudged}} props */
function Shown({me, cart}) {
  const {settings, i18n} = shopify;
  const guest = me.state === 'guest';
  if (me.state === 'left' || (guest && (settings.value.hide_from_guests || !cart.estimate))) return null;
  return (
    <s-section heading={String(settings.value.heading || i18n.translate('offer.heading'))}>
      <s-stack gap="small">
        {me.member && <s-text>{i18n.translate('offer.balance', {points: me.member.available.text})}</s-text>}
        {cart.estimate && !settings.value.hide_estimate && <s-text>{cart.estimate.text}</s-text>}
        {guest && <s-text color="subdued">{i18n.translate('guest.claim')}</s-text>}
      </s-stack>
    </s-section>
  );
}
