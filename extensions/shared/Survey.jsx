/** One question with a score, an optional remark, and thanks. */
import {useState} from 'preact/hooks';

/**
 * @typedef {import('./api').SurveyAsked} SurveyAsked
 * @typedef {{translate: (key: string, options?: Record<string, any>) => any, formatNumber: (number: number) => string}} Said
 */

/**
 * @param {{
 *   asked: SurveyAsked, i18n: Said,
 *   send: (answer: {survey: SurveyAsked['survey'], score: number, comment: string}) => Promise<import('./api').Done>,
 * }} props
 */
export function Survey({asked, i18n, send}) {
  const [score, setScore] = useState('');
  const [comment, setComment] = useState('');
  const [state, setState] = useState(/** @type {{busy?: boolean, wrong?: string, failed?: string, thanks?: string}} */ ({}));
  if (state.thanks) return <s-banner tone="success" heading={state.thanks} />;

  async function answer() {
    if (state.busy) return;
    if (!score) return setState({wrong: i18n.translate('surface.survey.choose')});
    setState({busy: true});
    try {
      const {text} = await send({survey: asked.survey, score: Number(score), comment: comment.trim()});
      setState({thanks: text || i18n.translate('surface.survey.thanks')});
    } catch (/** @type {any} */ error) {
      setState({failed: error.text || i18n.translate('surface.survey.failed')});
    }
  }

  const scores = Array.from({length: asked.most - asked.least + 1}, (_, n) => asked.least + n);
  return (
    <s-form onSubmit={answer}>
      <s-stack gap="base">
        <s-choice-list variant="inline" name="score" label={asked.question} error={state.wrong} onChange={({currentTarget}) => {
          setScore(valuesOf(currentTarget)[0] || '');
          setState({});
        }}>
          {scores.map((each) => (
            <s-choice key={each} value={String(each)} accessibilityLabel={spoken(each, asked, i18n)}>{i18n.formatNumber(each)}</s-choice>
          ))}
        </s-choice-list>
        <s-text color="subdued">{i18n.translate('surface.survey.ends', {
          least: i18n.formatNumber(asked.least), least_text: asked.least_text, most: i18n.formatNumber(asked.most), most_text: asked.most_text,
        })}</s-text>
        <s-text-area name="comment" label={asked.comment_label} maxLength={2000} rows={3}
          onInput={({currentTarget}) => setComment(valueOf(currentTarget))} />
        {asked.gives && <s-text>{i18n.translate('surface.survey.gives', {points: asked.gives.text})}</s-text>}
        {state.failed && <s-banner tone="critical" heading={state.failed} />}
        <s-stack direction="inline">
          <s-button type="submit" variant="secondary" loading={Boolean(state.busy)}>{i18n.translate('surface.survey.send')}</s-button>
        </s-stack>
      </s-stack>
    </s-form>
  );
}

/** The ends of the scale say what they mean. @param {number} score @param {SurveyAsked} asked @param {Said} i18n */
function spoken(score, {least, most, least_text, most_text}, i18n) {
  const meaning = {[least]: least_text, [most]: most_text}[score];
  return meaning ? `${i18n.formatNumber(score)}, ${meaning}` : i18n.formatNumber(score);
}

/** @param {unknown} field @returns {string[]} */
const valuesOf = (field) => /** @type {{values?: string[]}} */ (field).values || [];

/** @param {unknown} field @returns {string} */
const valueOf = (field) => /** @type {{value?: string}} */ (field).value || '';
