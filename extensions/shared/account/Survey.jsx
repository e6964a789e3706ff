// One question: a score, and a few words if the reader likes. Whoever shows it says what came of the answer.
import {useSignal} from '@preact/signals';
import {fieldOf} from '../surface/field.js';
import {t} from '../surface/words.js';

const MOST_WORDS = 2000;

/**
 * @param {{asked: import('../api').SurveyAsked, acting: import('../surface/acting.js').Acting,
 *     about: {order?: number, checkout_token?: string}, changes: string[]}} survey `about`: the order, where it is about one
 */
export function Survey({asked, acting, about, changes}) {
  const score = useSignal('');
  const comment = useSignal('');
  const missing = useSignal(false);
  const answered = useSignal(false);

  async function send() {
    missing.value = score.value === '';
    if (missing.value) return;
    const said = {survey: asked.survey, score: Number(score.value), comment: comment.value, ...about};
    answered.value = (await acting.act('survey', '/survey', said, changes)) !== null;
  }

  if (answered.value) return null;
  return (
    <s-form onSubmit={() => void send()}>
      <s-stack gap="base">
        <Scores asked={asked} score={score} missing={missing} />
        <s-text-area
          label={asked.comment_label}
          maxLength={MOST_WORDS}
          value={comment.value}
          onInput={(event) => (comment.value = fieldOf(event).value ?? '')}
        />
        {asked.gives && <s-text color="subdued">{t('survey.gives', {points: asked.gives.text})}</s-text>}
        <s-button type="submit" variant="secondary" loading={acting.busy.value === 'survey'}>{t('survey.send')}</s-button>
      </s-stack>
    </s-form>
  );
}

/**
 * @param {{asked: import('../api').SurveyAsked, score: import('@preact/signals').Signal<string>,
 *     missing: import('@preact/signals').Signal<boolean>}} scores
 */
function Scores({asked, score, missing}) {
  const {least, most, least_text: worst, most_text: best} = asked;
  const all = Array.from({length: most - least + 1}, (_, place) => least + place);
  const words = (/** @type {number} */ number) => (number === least ? worst : number === most ? best : '');
  return (
    <s-choice-list
      name="score"
      variant="inline"
      label={asked.question}
      error={missing.value ? t('survey.missing') : undefined}
      values={score.value === '' ? [] : [score.value]}
      onChange={(event) => (score.value = fieldOf(event).values?.[0] ?? '')}
    >
      {all.map((number) => (
        <s-choice key={number} value={String(number)}>
          {words(number) ? t('survey.end', {score: number, words: words(number)}) : String(number)}
        </s-choice>
      ))}
    </s-choice-list>
  );
}
