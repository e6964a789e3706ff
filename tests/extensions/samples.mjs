// Prints the answers that the editor's example and the tests are made of, by the shape that each has.
import {i18nOf} from '../../extensions/shared/texts.js';
import * as samples from '../../extensions/shared/samples.js';

const [folder, language, currency] = process.argv.slice(2);
const i18n = i18nOf(folder, language);
console.log(JSON.stringify({
  Me: samples.sampleMe(i18n),
  CartJudged: samples.sampleCart(i18n, currency),
  OrderNow: samples.sampleOrder(i18n, currency),
  Held: samples.sampleHeld(i18n, currency),
  Reward: samples.sampleReward(i18n, currency, {points: 300}),
}));
