// What tests of the account let the app answer.

/** @param {number} number @param {string} [text] @returns {import('../api').Points} */
export const points = (number, text = `${number} points`) => ({points: number, text});

/** @param {string} text @returns {import('../api').Day} */
export const day = (text) => ({date: '2031-05-04', text});

/** @param {Partial<import('../api').MemberNow>} [more] @returns {import('../api').MemberNow} */
export const member = (more = {}) => ({
  first_name: 'Ana', available: points(640), pending: points(0), on_hold: points(0), owed: null, coming: [], expiring: null,
  tier: {name: '', benefits: [], reach: null, keep: null, until: null, news: []}, next_reward: null, birthday: null,
  birthday_open: true, birthday_asked: true, invites: true, emails: true, joined: day('4 May 2029'), ...more,
});

/** @param {Partial<import('../api').Programme>} [more] @returns {import('../api').Programme} */
export const programme = (more = {}) => ({
  shop_name: 'Sari Store', points_name: 'points', headline: 'You earn 1 point for every ₱10.', more: [], has_tiers: true,
  has_referrals: true, has_activities: true, ...more,
});

/** @param {Partial<import('../api').Me>} [more] @returns {import('../api').Me} */
export const me = (more = {}) => ({
  state: 'member', key: 'key-me', locale: 'en', right_to_left: false, programme: programme(), member: member(), ...more,
});

/** @param {'guest' | 'unknown' | 'left'} state */
export const outside = (state) => me({state, member: null});

/** @returns {import('../api').ProgrammePage} */
export const programmePage = () => ({
  programme: programme(), earn: ['1 point for every ₱10'],
  activities: [{id: 'a1', kind: 'birthday', name: 'Birthday', gives: '100 points', state: 'automatic', text: '', link: null}],
  tiers: [{name: 'Gold', needs: 'Spend ₱10,000 in a year', benefits: ['2× points'], current: false}],
  rewards: [{title: '₱50 off', price: points(500), brings: 'A code for ₱50 off', terms: ['One order']}],
  referral: 'Your friend gets ₱50 off.',
});

/** @param {Partial<import('../api').Reward>} [more] @returns {import('../api').Reward} */
export const reward = (more = {}) => ({
  id: 'r1', kind: 'amount', title: '₱50 off', price: points(500), offer: 'of-r1', brings: 'A code for ₱50 off', terms: ['Orders of ₱200 or more'],
  happens: "You'll get your own code for one order.", share: 100, usable: true, why: null, slider: null, left: null, for_order: true,
  ...more,
});

/** @param {Partial<import('../api').Held>} [more] @returns {import('../api').Held} */
export const held = (more = {}) => ({
  id: 7, title: '₱50 off', state: 'ready', text: 'For your next order', code: 'SUKI-7K3M', points: points(500), on: day('4 May 2031'),
  ends: day('4 June 2031'), terms: [], releasable: true, hidden: false, usable: true, why: null, ...more,
});

/** @param {Partial<import('../api').Entry>} [more] @returns {import('../api').Entry} */
export const entry = (more = {}) => ({
  id: 3, kind: 'earned', points: points(42, '+42 points'), on: day('4 May 2031'), at: '2031-05-04T10:00:00Z', headline: 'Order #1001',
  reasons: ['1 point for every ₱10 of ₱420'], ...more,
});

/** @param {Partial<import('../api').OrderNow>} [more] @returns {import('../api').OrderNow} */
export const order = (more = {}) => ({
  state: 'known', key: 'key-order', points: points(42), about: false, available_on: day('18 May 2031'), text: 'Pending',
  reasons: ['1 point for every ₱10 of ₱420'], code: null, code_by_email: false, tier: null, invitation: null, survey: null, claim: null,
  ...more,
});

/** @param {Partial<import('../api').SurveyAsked>} [more] @returns {import('../api').SurveyAsked} */
export const survey = (more = {}) => ({
  survey: 'nps', question: 'Would you recommend us?', least: 0, most: 10, least_text: 'Not at all', most_text: 'Gladly',
  comment_label: 'Why?', gives: points(10), ...more,
});

/** What is to be used, and nothing that is over. @param {import('../api').Held[]} own @param {number | null} [before] */
export const open = (own, before = null) => (/** @type {{query: URLSearchParams}} */ {query}) =>
  query.get('only') === 'over' ? {key: 'key-held', held: [], before: null} : {key: 'key-held', held: own, before};

/** All that the rewards page may ask for, by the shop's own table. @param {Record<string, unknown>} [more] */
export const table = (more = {}) => ({
  'GET /me': me(),
  'GET /programme': programmePage(),
  'GET /rewards': {key: 'key-rewards', rewards: [reward()]},
  'GET /held': open([held()]),
  'GET /entries': {entries: [entry()], before: null},
  'GET /activities': {key: 'key-activities', orders: ['1 point for every ₱10'], activities: []},
  'GET /invitation': {
    link: 'https://sari.example/a/1', code: 'ANA', text: 'You both get ₱50 off.', friends: 2, message: 'Try Sari & co:',
  },
  ...more,
});
