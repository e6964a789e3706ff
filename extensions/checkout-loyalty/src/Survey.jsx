/** One question with a score, an optional remark, and thanks. */
import {useState} from 'preact/hooks';

/**
 * @typedef {import('../../shared/api').SurveyAsked} SurveyAsked
 * @typedef {{survey: SurveyAsked['survey'], score: number, comment: string}} Answer
 */

/** @param {{asked: SurveyAsked, send: (answer: Answer) => Promise<import('../../shared/api').Done>}} props */
export function Survey({asked, send}) {
  const {i18n} = shopify;
  const [score, setScore] = useState('');
  const [comment, setComment] = useState('');
  const [state, setState] = useState(/** @type {{busy?: boolean, wrong?: string, failed?: string, thanks?: string}} */ ({}));
  if (state.thanks) return <s-banner tone="success" heading={state.thanks} />;

  async function answer() {
    if (state.busy) return;
    if (!score) return setState({wrong: i18n.translate('survey.choose')});
    setState({busy: true});
    try {
      const {text} = await send({survey: asked.survey, score: Number(score), comment: comment.trim()});
      setState({thanks: text || i18n.translate('survey.thanks')});
    } catch (/** @type {any} */ error) {
      setState({failed: error.text || i18n.translate('survey.failed')});
    }
  }
  /** @param {string} chosen */
  const choose = (chosen) => {
    setScore(chosen);
    setState({});
  };

  return (
    <s-form onSubmit={answer}>
      <s-stack gap="base">
        <Scores asked={asked} wrong={state.wrong} choose={choose} />
        <s-text-area name="comment" label={asked.comment_label} maxLength={2000} rows={3}
          onInput={({currentTarget}) => setComment(/** @type {{value?: string}} */ (currentTarget).value || '')} />
        {asked.gives && <s-text>{i18n.translate('survey.gives', {points: asked.gives.text})}</s-text>}
        {state.failed && <s-banner tone="critical" heading={state.failed} />}
        <s-stack direction="inline">
          <s-button type="submit" variant="secondary" loading={Boolean(state.busy)}>{i18n.translate('survey.send')}</s-button>
        </s-stack>
      </s-stack>
    </s-form>
  );
}

/** @param {{asked: SurveyAsked, wrong: string | undefined, choose: (score: string) => void}} props */
function Scores({asked, wrong, choose}) {
  const {i18n} = shopify;
  const {least, most, least_text, most_text} = asked;
  const scores = Array.from({length: most - least + 1}, (_, n) => least + n);
  const meaning = {[least]: least_text, [most]: most_text};
  return (
    <s-stack gap="small-200">
      <s-choice-list variant="inline" name="score" label={asked.question} error={wrong}
        onChange={({currentTarget}) => choose((/** @type {{values?: string[]}} */ (currentTarget).values || [])[0] || '')}>
        {scores.map((each) => (
          <s-choice key={each} value={String(each)}
            accessibilityLabel={meaning[each] ? `${i18n.formatNumber(each)}, ${meaning[each]}` : i18n.formatNumber(each)}>
            {i18n.formatNumber(each)}
          </s-choice>
        ))}
      </s-choice-list>
      <s-text color="subdued">
        {i18n.translate('survey.ends', {least: i18n.formatNumber(least), least_text, most: i18n.formatNumber(most), most_text})}
      </s-text>
    </s-stack>
  );
}
