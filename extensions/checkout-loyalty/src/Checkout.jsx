import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {useLeaving, useLoaded} from '../../shared/loading.js';
import {sampleCart, sampleMe} from '../../shared/samples.js';
import {Codes} from './Codes.jsx';
import {Joining} from './Joining.jsx';
import {Offers} from './Offers.jsx';
import {Told} from './Told.jsx';
import {talkOfCheckout} from './app.js';
import {cartOf} from './cart.js';
import {clicked, enteredHere, leftOver, redeem, release, use} from './redeeming.js';

/**
 * @typedef {import('../../shared/api').Me} Me
 * @typedef {import('../../shared/api').CartJudged} CartJudged
 * @typedef {import('../../shared/api').Held} Held
 * @typedef {import('../../shared/api').Reward} Reward
 * @typedef {import('./redeeming.js').Outcome} Outcome
 * @typedef {import('./redeeming.js').Pending} Pending
 * @typedef {{
 *   busy: string, outcome: Outcome | null, entered: string[],
 *   take: (reward: Reward, points?: number) => void, goOn: (pending: Pending) => void, enter: (held: Held) => void,
 *   giveBack: (held: Held) => void, join: () => void,
 * }} Acts what a buyer can do; `busy` names what is being done, `entered` the codes that were entered here
 */

export default async () => {
  render(shopify.extension.editor ? <Example /> : <Loyalty />, document.body);
};

const nothing = () => undefined;
/** @type {Acts} */
const SHOW_ONLY = {busy: '', outcome: null, entered: [], take: nothing, goOn: nothing, enter: nothing, giveBack: nothing, join: nothing};

/** What the merchant sees while editing: nobody's data, nothing asked. */
function Example() {
  const {i18n, localization} = shopify;
  return <Shown me={sampleMe(i18n)} cart={sampleCart(i18n, localization.currency.value.isoCode)} acts={SHOW_ONLY} />;
}

function Loyalty() {
  const [app] = useState(talkOfCheckout);
  const asked = JSON.stringify(cartOf(shopify));
  const me = useLoaded(/** @returns {Promise<Me>} */ (signal) => app.get('/me', signal));
  const cart = useLoaded(/** @returns {Promise<CartJudged>} */ (signal) => app.judge('/cart', JSON.parse(asked), signal), [asked]);
  const acts = useActs(app, () => {
    me.again();
    cart.again();
  });
  // Nothing that we show is worth an error in somebody's checkout.
  if ((me.error && !me.answer) || (cart.error && !cart.answer)) return null;
  if (!me.answer || !cart.answer) return <s-skeleton-paragraph />;
  return <Shown me={me.answer} cart={cart.answer} acts={acts} />;
}

/**
 * @param {import('./redeeming.js').Talk} app
 * @param {() => void} changed after each act: what is shown is asked for anew
 * @returns {Acts}
 */
function useActs(app, changed) {
  const leaving = useLeaving();
  const [busy, setBusy] = useState('');
  const [outcome, setOutcome] = useState(/** @type {Outcome | null} */ (null));
  const [entered, setEntered] = useState(/** @type {string[]} */ ([]));

  const doing = useRef(false);

  /** One act at a time, however fast somebody clicks. @param {string} name @param {() => Promise<Outcome | null>} act */
  async function carryOut(name, act) {
    if (doing.current) return;
    doing.current = true;
    setBusy(name);
    setOutcome(null);
    try {
      const came = await act();
      const codes = await enteredHere();
      if (leaving.aborted) return;
      setOutcome(came);
      setEntered(codes);
      changed();
    } catch (error) {
      if (!leaving.aborted) throw error;
    } finally {
      doing.current = false;
      setBusy('');
    }
  }
  /** @param {Pending} pending */
  const goOn = (pending) => carryOut(pending.reward, () => redeem(pending, app, leaving));

  useEffect(() => {
    enteredHere().then((codes) => {
      if (!leaving.aborted) setEntered(codes);
    });
    leftOver().then((pending) => {
      if (pending && !leaving.aborted) goOn(pending);
    });
  }, []);

  return {
    busy, outcome, entered, goOn,
    take: (reward, points) => carryOut(reward.id, async () => redeem(await clicked(reward, points), app, leaving)),
    enter: (held) => carryOut(`held ${held.id}`, () => use(held, leaving)),
    giveBack: (held) => carryOut(`held ${held.id}`, () => release(held, app, leaving)),
    join: () => carryOut('join', () => app.act('/join').then(() => null, notJoined)),
  };
}

/** @param {{text?: string}} refusal @returns {Outcome} */
const notJoined = ({text}) => ({came: 'failed', title: '', heading: shopify.i18n.translate('join.failed'), text});

/** @param {{me: Me, cart: CartJudged, acts: Acts}} props */
function Shown({me, cart, acts}) {
  const {settings: {value: settings}, i18n} = shopify;
  const {member, state, programme: {points_name: unit}} = me;
  if (state === 'left' || (!member && (settings.hide_from_guests || !cart.estimate))) return null;
  return (
    <s-section heading={String(settings.heading || i18n.translate('offer.heading'))}>
      <s-stack gap="base">
        <s-stack gap="small-200">
          {member && <s-text>{i18n.translate('offer.balance', {points: member.available.text})}</s-text>}
          {cart.estimate && !settings.hide_estimate && <s-text>{cart.estimate.text}</s-text>}
          {member && cart.why && !settings.hide_estimate && <s-text color="subdued">{cart.why.text}</s-text>}
          {state === 'guest' && <s-text color="subdued">{i18n.translate('guest.claim')}</s-text>}
        </s-stack>
        {state === 'unknown' && <Joining unit={unit} acts={acts} />}
        <Told unit={unit} acts={acts} />
        {member && <Codes held={cart.held} unit={unit} acts={acts} />}
        {member && !settings.hide_rewards && <Offers cart={cart} unit={unit} acts={acts} />}
      </s-stack>
    </s-section>
  );
}
