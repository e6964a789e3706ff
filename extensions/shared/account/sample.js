// What the account shows in the merchant's editor, where nobody is signed in: made up, and asked of nobody.
import {Refusal} from '../ask.js';
import {sampleDay, sampleMe, sampleMember, samplePoints, sampleReward} from '../samples.js';
import {t} from '../surface/words.js';

const CURRENCY = 'USD';

/** @returns {import('../talk.js').Talk} */
export function sampleTalk() {
  const get = async (/** @type {string} */ path) => sampleAnswer(path.split('?')[0]);
  return {
    get,
    judge: get,
    act: async () => {
      throw new Refusal('preview', t('sample.act'), 403);
    },
  };
}

/** @param {string} path */
function sampleAnswer(path) {
  const answers = /** @type {Record<string, () => unknown>} */ ({
    '/me': () => ({...sampleMe(shopify.i18n), member: inTier()}),
    '/rewards': () => ({key: '', rewards: [sampleReward(shopify.i18n, CURRENCY, {happens: t('sample.happens')})]}),
    '/held': () => ({key: '', held: [], before: null}),
    '/entries': () => ({entries: [entry()], before: null}),
    '/activities': () => ({key: '', orders: [earned()], activities: []}),
    '/invitation': () => ({link: 'https://example.com/friend', code: null, text: t('sample.invitation'), friends: 0, message: ''}),
  });
  return (answers[path] ?? order)();
}

const points = () => samplePoints(shopify.i18n, 42);

const earned = () => String(shopify.i18n.translate('surface.sample.order_earns', {points: points().text}));

const day = () => sampleDay(shopify.i18n, '2030-01-31');

/** @returns {import('../api').MemberNow} */
function inTier() {
  const reach = {name: t('sample.tier_next'), missing: '', share: 60, text: t('sample.tier_text')};
  const tier = {name: t('sample.tier'), benefits: [], reach, keep: null, until: null, news: []};
  return {...sampleMember(shopify.i18n), pending: points(), coming: [{points: points(), on: day()}], tier};
}

/** @returns {import('../api').Entry} */
const entry = () =>
  ({id: 1, kind: 'earned', points: points(), on: day(), at: '2030-01-31T12:00:00Z', headline: t('sample.entry'), reasons: []});

/** @returns {import('../api').OrderNow} */
const order = () => ({
  state: 'known', key: '', points: points(), about: false, available_on: day(), text: '', reasons: [earned()], code: null,
  code_by_email: false, tier: null, invitation: null, survey: null, claim: null,
});
