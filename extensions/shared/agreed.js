/**
 * What is sent with a click on a reward: the price and the offer go back as they were shown, so that the app takes these
 * or nothing.
 *
 * @param {Pick<import('./api').Reward, 'id' | 'price' | 'offer'>} reward
 * @param {number | null} [points] those chosen on a slider
 * @returns {Omit<import('./api').RedeemIn, 'key'>}
 */
export const agreedTo = ({id, price, offer}, points) => (
  typeof points === 'number' ? {reward: id, price: points, offer, points} : {reward: id, price: price.points, offer});
