// Written by scripts/extension_api.py from the description of the shopper API.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Activities
         * @description Every way to earn that is offered now; `orders` says what orders bring.
         */
        Activities: {
            /** Activities */
            activities: components["schemas"]["Activity"][];
            /** Key */
            key: string;
            /** Orders */
            orders: string[];
        };
        /**
         * Activity
         * @description One way to earn. `open` can be done now by POST, and `link` is where it is done. `asks` is done by POST profile
         *     with `questions` and, where `asks_birthday`, the birthday; `link` is a page with the same. `waits` and `done` say
         *     why, or what to do, in `text`, and so does `automatic`, which comes by itself.
         */
        Activity: {
            /**
             * Asks Birthday
             * @default false
             */
            asks_birthday?: boolean;
            /** Gives */
            gives: string;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Link */
            link: string | null;
            /** Name */
            name: string;
            /**
             * Questions
             * @default []
             */
            questions?: components["schemas"]["Question"][];
            /**
             * State
             * @enum {string}
             */
            state: "open" | "asks" | "waits" | "done" | "automatic";
            /** Text */
            text: string;
        };
        /**
         * AdjustIn
         * @description Give (above zero) or take points; the reason is shown to the member.
         */
        AdjustIn: {
            /** Key */
            key: string;
            /** Points */
            points: number;
            /** Reason */
            reason: string;
        };
        /**
         * Aim
         * @description What is missing to a tier or a reward: `share` is how near it is, 0 to 100.
         */
        Aim: {
            /** Missing */
            missing: string;
            /** Name */
            name: string;
            /** Share */
            share: number;
            /** Text */
            text: string;
        };
        /**
         * AnswerIn
         * @description An answer to one of the shop's questions, by its words as they were shown.
         */
        AnswerIn: {
            /** Answer */
            answer: string;
            /** Question */
            question: string;
        };
        /**
         * Born
         * @description A birthday without its year.
         */
        Born: {
            /** Day */
            day: number;
            /** Month */
            month: number;
            /**
             * Text
             * @default
             */
            text?: string;
        };
        /**
         * CartIn
         * @description The cart as the surface sees it: it decides what is shown, not what is taken.
         */
        CartIn: {
            /**
             * Codes
             * @default []
             */
            codes?: string[];
            /** Currency */
            currency: string;
            /**
             * Lines
             * @default []
             */
            lines?: components["schemas"]["CartLine"][];
            /**
             * Subtotal
             * @description After discounts, before shipping.
             * @default null
             */
            subtotal?: string | null;
        };
        /**
         * CartJudged
         * @description The cart by the very rules: what it earns, what may be redeemed for it, which own codes it can use.
         */
        CartJudged: {
            estimate: components["schemas"]["Estimate"] | null;
            /** Held */
            held: components["schemas"]["Held"][];
            /** Key */
            key: string;
            next_reward: components["schemas"]["Aim"] | null;
            /** Rewards */
            rewards: components["schemas"]["Reward"][];
            /** @description Why there is no estimate. */
            why: components["schemas"]["Why"] | null;
        };
        /**
         * CartLine
         * @description One line as the surface sees it; `price` is what one costs after line discounts, in the cart's currency.
         */
        CartLine: {
            /**
             * Gift Card
             * @default false
             */
            gift_card?: boolean;
            /** Price */
            price: string;
            /**
             * Product Id
             * @default null
             */
            product_id?: number | null;
            /** Quantity */
            quantity: number;
            /**
             * Subscription
             * @default false
             */
            subscription?: boolean;
            /**
             * Variant Id
             * @default null
             */
            variant_id?: number | null;
            /**
             * Vendor
             * @default
             */
            vendor?: string;
        };
        /**
         * ClaimIn
         * @description A guest's order, as the thank-you page knows it.
         */
        ClaimIn: {
            /** Checkout Token */
            checkout_token: string;
            /** Key */
            key: string;
            /** Order */
            order: number;
        };
        /**
         * Dated
         * @description Points that come or go on a day.
         */
        Dated: {
            on: components["schemas"]["Day"];
            points: components["schemas"]["Points"];
        };
        /**
         * Day
         * @description A day in the shop's time zone.
         */
        Day: {
            /**
             * Date
             * Format: date
             */
            date: string;
            /** Text */
            text: string;
        };
        /**
         * Done
         * @description What an act brought, in a sentence; `points` where some were given; `claim` is what a guest reads from now on of
         *     how to get what waits for them.
         */
        Done: {
            available: components["schemas"]["Points"] | null;
            /**
             * Claim
             * @default null
             */
            claim?: string | null;
            /** Key */
            key: string;
            points: components["schemas"]["Points"] | null;
            /** Text */
            text: string;
        };
        /**
         * Entries
         * @description `before`: send it to get the page after this one.
         */
        Entries: {
            /** Before */
            before: number | null;
            /** Entries */
            entries: components["schemas"]["Entry"][];
        };
        /**
         * Entry
         * @description One entry of the history, newest first.
         */
        Entry: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Headline */
            headline: string;
            /** Id */
            id: number;
            /** Kind */
            kind: string;
            on: components["schemas"]["Day"];
            points: components["schemas"]["Points"];
            /** Reasons */
            reasons: string[];
        };
        /**
         * Estimate
         * @description What the cart would earn. `about`: some of its products are not known to us, or it may still change.
         */
        Estimate: {
            /** About */
            about: boolean;
            points: components["schemas"]["Points"];
            /** Text */
            text: string;
        };
        /**
         * FileLink
         * @description Where the member's history is as a file, for five minutes.
         */
        FileLink: {
            /** Url */
            url: string;
        };
        /**
         * Held
         * @description One redemption of the member, or a code that was given. `kind` as in Reward, empty where nobody knows it. `text`
         *     says the state, `more` only what the state alone does not. `code` and `ends` are there while it can be used;
         *     `hidden`: the code is shown by email and after a second step only. `failed`: it could not be made, and the points
         *     are back. `usable`: in the cart that was sent.
         */
        Held: {
            /** Code */
            code: string | null;
            ends: components["schemas"]["Day"] | null;
            /** Hidden */
            hidden: boolean;
            /** Id */
            id: number;
            /**
             * Kind
             * @default
             */
            kind?: string;
            /**
             * More
             * @default
             */
            more?: string;
            on: components["schemas"]["Day"];
            points: components["schemas"]["Points"];
            /** Releasable */
            releasable: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "preparing" | "ready" | "used" | "returning" | "returned" | "expired" | "given" | "failed";
            /** Terms */
            terms: string[];
            /** Text */
            text: string;
            /** Title */
            title: string;
            /** Usable */
            usable: boolean;
            why: components["schemas"]["Why"] | null;
        };
        /**
         * HeldList
         * @description What was redeemed or given, newest first; `before`: send it to get the page after this one.
         */
        HeldList: {
            /** Before */
            before: number | null;
            /** Held */
            held: components["schemas"]["Held"][];
            /** Key */
            key: string;
        };
        /**
         * Invitation
         * @description The member's own link for friends; `text` says what both get, `code` is a code to tell where one exists.
         */
        Invitation: {
            /** Code */
            code: string | null;
            /** Friends */
            friends: number;
            /** Link */
            link: string;
            /**
             * Message
             * @description What a share button puts before the link.
             */
            message: string;
            /** Text */
            text: string;
        };
        /**
         * KeyIn
         * @description An act that needs no more than its key.
         */
        KeyIn: {
            /** Key */
            key: string;
        };
        /**
         * Me
         * @description Who is asking. `state`: a guest is nobody that we know, `unknown` is a customer who is no member yet, `left`
         *     one who has left. `key` has to be sent with the next act: sent twice, it is one act. `survey` is the newest question
         *     that the member has not answered; its answer names no order.
         */
        Me: {
            /** Key */
            key: string;
            /** Locale */
            locale: string;
            member: components["schemas"]["MemberNow"] | null;
            programme: components["schemas"]["Programme"];
            /** Right To Left */
            right_to_left: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "guest" | "unknown" | "member" | "left";
            /** @default null */
            survey?: components["schemas"]["SurveyAsked"] | null;
        };
        /**
         * MemberFound
         * @description A member as staff find one; `customer_id` is the number of Shopify, none for a guest.
         */
        MemberFound: {
            available: components["schemas"]["Points"];
            /** Customer Id */
            customer_id: number | null;
            /** Email */
            email: string;
            /** Name */
            name: string;
            /** Tier */
            tier: string;
        };
        /**
         * MemberNow
         * @description What a member has. `available` can be spent now, `pending` not yet, `on_hold` is set aside for unused codes;
         *     `owed` is what the next points make up for.
         */
        MemberNow: {
            available: components["schemas"]["Points"];
            birthday: components["schemas"]["Born"] | null;
            /** Birthday Asked */
            birthday_asked: boolean;
            /**
             * Birthday Open
             * @description Whether the birthday may be set now.
             */
            birthday_open: boolean;
            /** Coming */
            coming: components["schemas"]["Dated"][];
            /**
             * Emails
             * @description Whether they want the programme's emails.
             */
            emails: boolean;
            expiring: components["schemas"]["Dated"] | null;
            /** First Name */
            first_name: string;
            /** Invites */
            invites: boolean;
            joined: components["schemas"]["Day"];
            next_reward: components["schemas"]["Aim"] | null;
            on_hold: components["schemas"]["Points"];
            owed: components["schemas"]["Points"] | null;
            pending: components["schemas"]["Points"];
            tier: components["schemas"]["TierNow"] | null;
        };
        /**
         * MembersFound
         * @description At most twenty; `more`: there were others.
         */
        MembersFound: {
            /** Members */
            members: components["schemas"]["MemberFound"][];
            /** More */
            more: boolean;
        };
        /**
         * Money
         * @description `amount` in major units as a decimal, such as `12.50`.
         */
        Money: {
            /** Amount */
            amount: string;
            /** Currency */
            currency: string;
            /** Text */
            text: string;
        };
        /**
         * OrderNow
         * @description One order for its buyer. `waiting`: we have not heard of it yet, and `points` are an estimate where one can be
         *     made. `known` gives the order's own points to whoever proves the order; `code`, `tier` and `invitation` only where
         *     the token names its customer. `claim`: a guest reads how to get the points.
         */
        OrderNow: {
            /** About */
            about: boolean;
            available_on: components["schemas"]["Day"] | null;
            /** Claim */
            claim: string | null;
            code: components["schemas"]["OwnCode"] | null;
            /** Code By Email */
            code_by_email: boolean;
            invitation: components["schemas"]["Invitation"] | null;
            /** Key */
            key: string;
            points: components["schemas"]["Points"] | null;
            /** Reasons */
            reasons: string[];
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "known";
            survey: components["schemas"]["SurveyAsked"] | null;
            /** Text */
            text: string;
            tier: components["schemas"]["TierNow"] | null;
        };
        /**
         * OwnCode
         * @description A discount code that only this customer can use.
         */
        OwnCode: {
            /** Brings */
            brings: string;
            /** Code */
            code: string;
            until: components["schemas"]["Day"] | null;
        };
        /**
         * Points
         * @description A number of points, and how a person reads it: `120 points`.
         */
        Points: {
            /** Points */
            points: number;
            /** Text */
            text: string;
        };
        /**
         * Problem
         * @description Why not (RFC 9457). `code` is for programs, `detail` for people.
         */
        Problem: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /**
             * Fields
             * @description What is wrong with which field.
             * @default {}
             */
            fields?: {
                [key: string]: string;
            };
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Type */
            type: string;
            /**
             * Values
             * @description The figures behind a refusal.
             * @default {}
             */
            values?: {
                [key: string]: unknown;
            };
        };
        /**
         * ProfileIn
         * @description What the member tells of themselves; what is left out stays as it is.
         */
        ProfileIn: {
            /**
             * Answers
             * @default []
             */
            answers?: components["schemas"]["AnswerIn"][];
            /** @default null */
            birthday?: components["schemas"]["Born"] | null;
            /**
             * Emails
             * @default null
             */
            emails?: boolean | null;
            /** Key */
            key: string;
        };
        /**
         * Programme
         * @description What everybody may read of the programme.
         */
        Programme: {
            /** Has Activities */
            has_activities: boolean;
            /** Has Referrals */
            has_referrals: boolean;
            /** Has Tiers */
            has_tiers: boolean;
            /**
             * Headline
             * @description What orders earn, in a sentence.
             */
            headline: string;
            /**
             * More
             * @description What earns more at the moment.
             */
            more: string[];
            /** Points Name */
            points_name: string;
            /** Shop Name */
            shop_name: string;
        };
        /**
         * ProgrammePage
         * @description The whole programme, for guests too. `welcome` is what joining gives; empty where that is nothing.
         */
        ProgrammePage: {
            /** Activities */
            activities: components["schemas"]["Activity"][];
            /** Earn */
            earn: string[];
            programme: components["schemas"]["Programme"];
            /** Referral */
            referral: string | null;
            /** Rewards */
            rewards: components["schemas"]["RewardOffered"][];
            /** Tiers */
            tiers: components["schemas"]["TierOffered"][];
            /**
             * Welcome
             * @default
             */
            welcome?: string;
        };
        /**
         * Question
         * @description One of the shop's questions about the member, and what they answered so far.
         */
        Question: {
            /** Answer */
            answer: string;
            /** Question */
            question: string;
        };
        /**
         * Redeemed
         * @description What came of an act: the redemption as it is now (`preparing`: ask again for `held/ID`), the balance after it,
         *     and the key for the next act.
         */
        Redeemed: {
            available: components["schemas"]["Points"];
            held: components["schemas"]["Held"];
            /** Key */
            key: string;
            /** Text */
            text: string;
        };
        /**
         * RedeemIn
         * @description Spend points. `points` on a slider only. `key` as the last answer gave it. `price` and `offer` are what was
         *     shown, the points of Reward.price (on a slider those that were chosen) and Reward.offer: where the reward has
         *     changed since, nothing is spent (409 `price_changed`).
         */
        RedeemIn: {
            /** Key */
            key: string;
            /** Offer */
            offer: string;
            /**
             * Points
             * @default null
             */
            points?: number | null;
            /** Price */
            price: number;
            /** Reward */
            reward: string;
        };
        /**
         * ReleaseIn
         * @description Give a redemption back: because it is not wanted any more, or because the cart did not take its code.
         */
        ReleaseIn: {
            /** Key */
            key: string;
            /**
             * Why
             * @default unwanted
             * @enum {string}
             */
            why?: "unwanted" | "not_taken";
        };
        /**
         * Reward
         * @description A reward at the member's price. `usable`: it can be redeemed now, and used in this cart where one was sent;
         *     else `why` says what stands in the way. `for_order` is false for what no order uses (a gift card, a donation).
         *     `offer` goes back with a click: it changes when what the points bring does.
         */
        Reward: {
            /** Brings */
            brings: string;
            /** For Order */
            for_order: boolean;
            /** Happens */
            happens: string;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Left */
            left: number | null;
            /** Offer */
            offer: string;
            price: components["schemas"]["Points"];
            /** Share */
            share: number;
            slider: components["schemas"]["Slider"] | null;
            /** Terms */
            terms: string[];
            /** Title */
            title: string;
            /** Usable */
            usable: boolean;
            why: components["schemas"]["Why"] | null;
        };
        /**
         * RewardOffered
         * @description A reward as anybody may read it.
         */
        RewardOffered: {
            /** Brings */
            brings: string;
            price: components["schemas"]["Points"];
            /** Terms */
            terms: string[];
            /** Title */
            title: string;
        };
        /**
         * Rewards
         * @description All that is offered, the usable ones first, in the programme's order.
         */
        Rewards: {
            /** Key */
            key: string;
            /** Rewards */
            rewards: components["schemas"]["Reward"][];
        };
        /**
         * Slider
         * @description The points that may be spent: from `least` to `most` in steps of `step`, each bringing `worth`.
         */
        Slider: {
            /** Least */
            least: number;
            /** Most */
            most: number;
            /** Step */
            step: number;
            worth: components["schemas"]["Money"];
        };
        /**
         * StaffMay
         * @description What this account's role may do for customers; nothing else is offered to it.
         */
        StaffMay: {
            /** May Adjust */
            may_adjust: boolean;
            /** May Give Birthday */
            may_give_birthday: boolean;
            /** May Join */
            may_join: boolean;
            /** May Redeem */
            may_redeem: boolean;
            /** May Return */
            may_return: boolean;
        };
        /**
         * StaffOrder
         * @description An order as staff see it: what it earned and why, sentence by sentence. `path`: the order's page in the app.
         */
        StaffOrder: {
            available_on: components["schemas"]["Day"] | null;
            /** Customer Id */
            customer_id: number | null;
            /** Member */
            member: string;
            /** Path */
            path: string | null;
            points: components["schemas"]["Points"] | null;
            /** Reasons */
            reasons: string[];
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "known";
            /** Text */
            text: string;
        };
        /**
         * StaffView
         * @description A member as staff see one at the till and in the admin. Who may adjust gives and takes at most `most` points at
         *     once (None: no limit). `path`: the member's page in the app.
         */
        StaffView: {
            /** @description Why no birthday gift can be given now; code `open` where one can. */
            birthday_gift: components["schemas"]["Why"] | null;
            /** Customer Id */
            customer_id: number;
            /** Entries */
            entries: components["schemas"]["Entry"][];
            /** Held */
            held: components["schemas"]["Held"][];
            /** Key */
            key: string;
            /** Last Survey */
            last_survey: string | null;
            /** May Adjust */
            may_adjust: boolean;
            /** May Give Birthday */
            may_give_birthday: boolean;
            /** May Join */
            may_join: boolean;
            /** May Redeem */
            may_redeem: boolean;
            /** May Return */
            may_return: boolean;
            member: components["schemas"]["MemberNow"] | null;
            /** Most */
            most: number | null;
            /** Name */
            name: string;
            /** Path */
            path: string;
            /** Rewards */
            rewards: components["schemas"]["Reward"][];
            /**
             * State
             * @enum {string}
             */
            state: "member" | "unknown" | "left" | "guest";
        };
        /**
         * SurveyAsked
         * @description A question to answer; `scale` from `least` to `most`, with words for both ends. `gives` whatever the score is.
         */
        SurveyAsked: {
            /** Comment Label */
            comment_label: string;
            gives: components["schemas"]["Points"] | null;
            /** Least */
            least: number;
            /** Least Text */
            least_text: string;
            /** Most */
            most: number;
            /** Most Text */
            most_text: string;
            /** Question */
            question: string;
            /**
             * Survey
             * @enum {string}
             */
            survey: "nps" | "csat";
        };
        /**
         * SurveyIn
         * @description An answer; `order` where one is asked about.
         */
        SurveyIn: {
            /**
             * Checkout Token
             * @default null
             */
            checkout_token?: string | null;
            /**
             * Comment
             * @default
             */
            comment?: string;
            /** Key */
            key: string;
            /**
             * Order
             * @default null
             */
            order?: number | null;
            /** Score */
            score: number;
            /**
             * Survey
             * @enum {string}
             */
            survey: "nps" | "csat";
        };
        /**
         * TierNow
         * @description Where the member stands; `name` is empty in no tier yet. `keep` says what keeps it, `until` is its last day where
         *     nothing does; `news` say so in sentences, and repeat none of `reach` and `keep`.
         */
        TierNow: {
            /** Benefits */
            benefits: string[];
            keep: components["schemas"]["Aim"] | null;
            /** Name */
            name: string;
            /** News */
            news: string[];
            reach: components["schemas"]["Aim"] | null;
            until: components["schemas"]["Day"] | null;
        };
        /**
         * TierOffered
         * @description One tier as the rewards page compares them; hidden ones only to those in them.
         */
        TierOffered: {
            /** Benefits */
            benefits: string[];
            /** Current */
            current: boolean;
            /** Name */
            name: string;
            /** Needs */
            needs: string;
        };
        /**
         * Why
         * @description A reason: `code` for programs, `text` for the reader.
         */
        Why: {
            /** Code */
            code: string;
            /** Text */
            text: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Activities = components['schemas']['Activities'];
export type Activity = components['schemas']['Activity'];
export type AdjustIn = components['schemas']['AdjustIn'];
export type Aim = components['schemas']['Aim'];
export type AnswerIn = components['schemas']['AnswerIn'];
export type Born = components['schemas']['Born'];
export type CartIn = components['schemas']['CartIn'];
export type CartJudged = components['schemas']['CartJudged'];
export type CartLine = components['schemas']['CartLine'];
export type ClaimIn = components['schemas']['ClaimIn'];
export type Dated = components['schemas']['Dated'];
export type Day = components['schemas']['Day'];
export type Done = components['schemas']['Done'];
export type Entries = components['schemas']['Entries'];
export type Entry = components['schemas']['Entry'];
export type Estimate = components['schemas']['Estimate'];
export type FileLink = components['schemas']['FileLink'];
export type Held = components['schemas']['Held'];
export type HeldList = components['schemas']['HeldList'];
export type Invitation = components['schemas']['Invitation'];
export type KeyIn = components['schemas']['KeyIn'];
export type Me = components['schemas']['Me'];
export type MemberFound = components['schemas']['MemberFound'];
export type MemberNow = components['schemas']['MemberNow'];
export type MembersFound = components['schemas']['MembersFound'];
export type Money = components['schemas']['Money'];
export type OrderNow = components['schemas']['OrderNow'];
export type OwnCode = components['schemas']['OwnCode'];
export type Points = components['schemas']['Points'];
export type Problem = components['schemas']['Problem'];
export type ProfileIn = components['schemas']['ProfileIn'];
export type Programme = components['schemas']['Programme'];
export type ProgrammePage = components['schemas']['ProgrammePage'];
export type Question = components['schemas']['Question'];
export type Redeemed = components['schemas']['Redeemed'];
export type RedeemIn = components['schemas']['RedeemIn'];
export type ReleaseIn = components['schemas']['ReleaseIn'];
export type Reward = components['schemas']['Reward'];
export type RewardOffered = components['schemas']['RewardOffered'];
export type Rewards = components['schemas']['Rewards'];
export type Slider = components['schemas']['Slider'];
export type StaffMay = components['schemas']['StaffMay'];
export type StaffOrder = components['schemas']['StaffOrder'];
export type StaffView = components['schemas']['StaffView'];
export type SurveyAsked = components['schemas']['SurveyAsked'];
export type SurveyIn = components['schemas']['SurveyIn'];
export type TierNow = components['schemas']['TierNow'];
export type TierOffered = components['schemas']['TierOffered'];
export type Why = components['schemas']['Why'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
