/**
 * Answers of the app as they could be, for the merchant's editor and for tests: nobody's, and asked of nobody.
 * Each function makes one answer, so that a bundle holds only what it shows.
 *
 * @typedef {{
 *   translate: (key: string, options?: Record<string, any>) => any,
 *   formatCurrency: (number: number, options?: any) => string,
 *   formatDate: (date: Date, options?: any) => string,
 * }} I18n the surface's own
 * @typedef {import('./api').Points} Points
 */

/** @param {I18n} i18n @param {number} points @returns {Points} */
export const samplePoints = (i18n, points) => ({points, text: i18n.translate('surface.sample.points', {count: points})});

/** @param {I18n} i18n @param {number} amount @param {string} currency @returns {import('./api').Money} */
export const sampleMoney = (i18n, amount, currency) => (
  {amount: String(amount), currency, text: i18n.formatCurrency(amount, {currency})});

/** @param {I18n} i18n @param {string} date such as 2030-01-31 @returns {import('./api').Day} */
export const sampleDay = (i18n, date) => (
  {date, text: i18n.formatDate(new Date(`${date}T12:00:00Z`), {dateStyle: 'medium', timeZone: 'UTC'})});

/** @param {I18n} i18n @returns {import('./api').Programme} */
export const sampleProgramme = (i18n) => ({
  shop_name: 'Sari Store',
  points_name: i18n.translate('surface.sample.points_name'),
  headline: i18n.translate('surface.sample.order_earns', {points: samplePoints(i18n, 42).text}),
  more: [],
  has_tiers: true,
  has_referrals: true,
  has_activities: true,
});

/** @param {I18n} i18n @returns {import('./api').MemberNow} */
export const sampleMember = (i18n) => ({
  first_name: i18n.translate('surface.sample.name'),
  available: samplePoints(i18n, 640),
  pending: samplePoints(i18n, 0),
  on_hold: samplePoints(i18n, 0),
  owed: null,
  coming: [],
  expiring: null,
  tier: null,
  next_reward: null,
  birthday: null,
  birthday_open: true,
  birthday_asked: true,
  invites: true,
  emails: true,
  joined: sampleDay(i18n, '2029-06-01'),
});

/** @param {I18n} i18n @returns {import('./api').Me} */
export const sampleMe = (i18n) => ({
  state: 'member', key: 'sample', locale: 'en', right_to_left: false, programme: sampleProgramme(i18n), member: sampleMember(i18n),
});

/**
 * @param {I18n} i18n
 * @param {string} currency
 * @param {Partial<import('./api').Reward> & {points?: number, worth?: number}} [own]
 * @returns {import('./api').Reward}
 */
export function sampleReward(i18n, currency, {points = 500, worth = 5, ...own} = {}) {
  const off = i18n.translate('surface.sample.off', {worth: sampleMoney(i18n, worth, currency).text});
  return {
    id: `sample-${points}`, kind: 'amount_off', title: off, price: samplePoints(i18n, points), offer: 'sample', brings: off, terms: [], happens: '',
    share: 100, usable: true, why: null, slider: null, left: null, for_order: true, ...own,
  };
}

/**
 * @param {I18n} i18n
 * @param {string} currency
 * @param {Partial<import('./api').Held>} [own]
 * @returns {import('./api').Held}
 */
export const sampleHeld = (i18n, currency, own = {}) => ({
  id: 7, kind: 'amount_off', title: i18n.translate('surface.sample.off', {worth: sampleMoney(i18n, 5, currency).text}),
  state: 'ready', text: '', code: 'SUKI-SAMPLE', points: samplePoints(i18n, 500), on: sampleDay(i18n, '2030-01-05'),
  ends: sampleDay(i18n, '2030-03-05'), terms: [], releasable: true, hidden: false, usable: true, why: null, ...own,
});

/** @param {I18n} i18n @param {string} currency @returns {import('./api').CartJudged} */
export function sampleCart(i18n, currency) {
  const worth = (/** @type {number} */ amount) => sampleMoney(i18n, amount, currency);
  return {
    key: 'sample',
    estimate: {
      points: samplePoints(i18n, 42), about: false,
      text: i18n.translate('surface.sample.order_earns', {points: samplePoints(i18n, 42).text}),
    },
    rewards: [
      sampleReward(i18n, currency),
      sampleReward(i18n, currency, {
        id: 'sample-slider', points: 100, title: i18n.translate('surface.sample.any_amount'),
        slider: {least: 100, most: 600, step: 100, worth: worth(1)},
      }),
      sampleReward(i18n, currency, {
        points: 600, worth: 10, usable: false, terms: [i18n.translate('surface.sample.minimum', {worth: worth(80).text})],
        why: {code: 'cart_below_minimum', text: i18n.translate('surface.sample.too_small', {worth: worth(80).text})},
      }),
    ],
    held: [],
    next_reward: null,
    why: null,
  };
}

/** @param {I18n} i18n @param {Partial<import('./api').SurveyAsked>} [own] @returns {import('./api').SurveyAsked} */
export const sampleSurvey = (i18n, own = {}) => ({
  survey: 'nps', question: i18n.translate('surface.sample.question'), least: 0, most: 10,
  least_text: i18n.translate('surface.sample.least'), most_text: i18n.translate('surface.sample.most'),
  comment_label: i18n.translate('surface.sample.comment'), gives: samplePoints(i18n, 20), ...own,
});

/** @param {I18n} i18n @param {string} currency @returns {import('./api').Invitation} */
export const sampleInvitation = (i18n, currency) => ({
  link: 'https://example.com/r/ANA', code: null, friends: 2,
  text: i18n.translate('surface.sample.invitation', {worth: sampleMoney(i18n, 5, currency).text, points: samplePoints(i18n, 200).text}),
  message: i18n.translate('surface.sample.message', {worth: sampleMoney(i18n, 5, currency).text}),
});

/** @param {I18n} i18n @returns {import('./api').TierNow} */
export const sampleTier = (i18n) => ({
  name: 'Silver', benefits: [], keep: null, until: null, news: [],
  reach: {
    name: 'Gold', missing: samplePoints(i18n, 120).text, share: 76,
    text: i18n.translate('surface.sample.to_tier', {points: samplePoints(i18n, 120).text}),
  },
});

/** @param {I18n} i18n @param {string} currency @returns {import('./api').OrderNow} */
export const sampleOrder = (i18n, currency) => ({
  state: 'known', key: 'sample', points: samplePoints(i18n, 42), about: false, available_on: sampleDay(i18n, '2030-01-31'),
  text: i18n.translate('surface.sample.order_earned', {points: samplePoints(i18n, 42).text, day: sampleDay(i18n, '2030-01-31').text}),
  reasons: [],
  code: {
    code: 'NEXT-SAMPLE', brings: i18n.translate('surface.sample.off', {worth: sampleMoney(i18n, 5, currency).text}),
    until: sampleDay(i18n, '2030-03-05'),
  },
  code_by_email: false, tier: sampleTier(i18n), invitation: sampleInvitation(i18n, currency), survey: sampleSurvey(i18n), claim: null,
});
