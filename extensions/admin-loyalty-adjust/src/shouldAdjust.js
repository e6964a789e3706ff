import {talkInAdmin} from '../../shared/admin/staff.js';

/** Points are given to one customer at a time, by those whose role may: to others, and while nobody answers, it is not offered. */
export default async () => {
  if (shopify.data.selected.length !== 1) return {display: false};
  try {
    const {may_adjust: may} = /** @type {import('../../shared/api').StaffMay} */ (await talkInAdmin().get('/me'));
    return {display: may};
  } catch {
    return {display: false};
  }
};
