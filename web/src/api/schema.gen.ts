// Generated from openapi.json by `npm run types`. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What somebody who was invited sends back. */
        Acceptance: {
            /**
             * Format: password
             * @description At least 8 characters.
             */
            password: string;
            session?: components["schemas"]["SessionKind"];
            /** @description The secret of the link. */
            token: string;
        };
        AccessCase: {
            about: components["schemas"]["CaseAbout"] | null;
            /**
             * Format: date-time
             * @description By when an answer is owed; `null` when none is.
             */
            due: string | null;
            entry: components["schemas"]["CaseEntry"] | null;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["CaseKind"];
            /** @description What the caller may do now. */
            may: components["schemas"]["CaseAct"][];
            /** @description The first is the question. */
            messages: components["schemas"]["CaseMessage"][];
            /** Format: date-time */
            opened: string;
            outcome: components["schemas"]["CaseOutcome"] | null;
            /** @description That time is over. */
            overdue: boolean;
            /** @description The patient's name. */
            patient: string;
            /** @description What the entry should say, in the patient's words. */
            proposal: string | null;
            reader: components["schemas"]["CaseReader"];
            /** @description The id of the Patient, where the caller can open the record; of a correction, where their access covers the entry. */
            record: string | null;
            state: components["schemas"]["CaseState"];
        };
        AccessCases: {
            /** @description Those that wait for an answer first, then the newest; at most 200. */
            cases: components["schemas"]["AccessCase"][];
        };
        /** @description A request for access, as the patient received it or the practitioner sent it. */
        AccessRequest: {
            categories: components["schemas"]["Category"][] | null;
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            days: number;
            from: components["schemas"]["Requester"];
            /** Format: int64 */
            id: number;
            /** @description What the practitioner typed; only they see it. */
            patient?: string | null;
            reason: string;
            state: components["schemas"]["RequestState"];
        };
        AccessRequests: {
            /** @description Newest first, at most 200. */
            requests: components["schemas"]["AccessRequest"][];
        };
        /** @description An account as its owner and the pages see it. */
        Account: {
            /** @description Where codes and news of the account are sent. */
            email?: string | null;
            /** Format: int64 */
            id: number;
            name: string;
            organizations: components["schemas"]["OrganizationRef"][];
            /**
             * Format: date-time
             * @description The password is still the one that an administrator chose: until then its owner sets their own, or it opens nothing any more.
             */
            passwordChangeBy?: string | null;
            /** @description The FHIR id of the account's own Patient resource. */
            patient?: string | null;
            /** @description The FHIR id of the account's own Practitioner resource. */
            practitioner?: string | null;
            /** @enum {string} */
            role: "patient" | "practitioner" | "administrator" | "service";
            username: string;
        };
        Added: {
            added: number;
            known: number;
            readings: components["schemas"]["AddedReading"][];
        };
        /**
         * @description Who brought a document.
         * @enum {string}
         */
        AddedBy: "patient" | "organization" | "practitioner";
        /** @description What became of a reading, in the order in which they came. */
        AddedReading: {
            /** @description Whether it is new; one that was sent before is known. */
            created: boolean;
            /** @description The id of the Observation. */
            id: string;
            /** @description Where the whole entry is, as FHIR. */
            link: string;
            /** Format: date-time */
            time: string;
            type: string;
        };
        Alive: {
            /** @description `ok` */
            status: string;
        };
        /** @description An app to be put on the list. */
        AppForm: {
            /** @description Its tokens are bound to a key of its own (DPoP). */
            bound?: boolean;
            /** @description Where it publishes them (`jwks_uri`), instead. */
            jwksUri?: string | null;
            /** @description Public keys (RFC 7517), for apps that sign. */
            keys?: Record<string, never>[];
            kind: components["schemas"]["AppKind"];
            launchUri?: string | null;
            name: string;
            /** @description The FHIR id of the organization that a program without people works for. */
            organization?: string | null;
            redirectUris?: string[];
            /** @description The most it may ask for; for a program without people, what it may do. */
            scope?: string | null;
            uri?: string | null;
        };
        /**
         * @description How an app proves that it is itself.
         * @enum {string}
         */
        AppKind: "public" | "confidential" | "backend";
        /** @description The app that asks, or that was let in. */
        AppName: {
            clientId: string;
            name: string;
            uri?: string | null;
            /** @description An administrator of this server put it on the list. */
            verified: boolean;
        };
        /** @description A request of an app that nobody here knows, and that cannot be answered. */
        AppRefusal: {
            /** @description What the app calls itself. */
            app: string;
            /** @description The app's own address, with the refusal in its words. */
            back: string;
            reason: string;
            /** @description The host that `back` leads to. */
            returnsTo: string;
        };
        AppRequest: {
            app: components["schemas"]["AppName"];
            /** @description The app is opened for one patient. */
            needsPatient: boolean;
            /** @description It wants to go on when I am not there: say until when. */
            offline: boolean;
            /** @description The FHIR id of that patient, when it is settled already. */
            patient?: string | null;
            /** @description The host that the answer goes to. */
            returnsTo: string;
            wishes: components["schemas"]["Wish"][];
        };
        Appointment: {
            doctor: components["schemas"]["AppointmentParty"] | null;
            /** Format: date-time */
            end: string | null;
            id: string;
            kind: components["schemas"]["AppointmentKind"];
            /** @description Where the whole entry is, as FHIR. */
            link: string;
            patient: components["schemas"]["AppointmentParty"] | null;
            reason: string | null;
            /**
             * Format: date-time
             * @description `null` where nobody said yet when.
             */
            start: string | null;
            status: components["schemas"]["AppointmentStatus"];
        };
        /**
         * @description What is wanted.
         * @example {
         *       "doctor": "doctor1",
         *       "minutes": 20,
         *       "reason": "Blood pressure check",
         *       "start": "2030-05-02T09:00:00Z"
         *     }
         */
        AppointmentForm: {
            /**
             * @description The id of the Practitioner, or the doctor's user name or e-mail address. A doctor who books for themselves leaves it
             *     out.
             */
            doctor?: string | null;
            kind?: components["schemas"]["AppointmentKind"] | null;
            /**
             * Format: int64
             * @description How long it takes: 5 to 480, 30 when left out.
             */
            minutes?: number | null;
            /** @description The id of the Patient. A patient who asks for themselves leaves it out. */
            patient?: string | null;
            /**
             * @description Why, in at most 500 letters. A patient who asks again for a time that waits for an answer says it better this way; where
             *     an appointment is booked already, or its reason is not the caller's own, another one is refused.
             */
            reason?: string | null;
            /** Format: date-time */
            start: string;
        };
        /**
         * @description How the two meet.
         * @enum {string}
         */
        AppointmentKind: "in_person" | "online";
        /** @description Somebody who comes. */
        AppointmentParty: {
            id: string;
            name: string | null;
        };
        /**
         * @description Where an appointment stands: <http://hl7.org/fhir/appointmentstatus>.
         * @enum {string}
         */
        AppointmentStatus: "proposed" | "pending" | "booked" | "arrived" | "fulfilled" | "cancelled" | "noshow" | "entered-in-error" | "checked-in" | "waitlist";
        /** @description A page of appointments, by their time. */
        Appointments: {
            appointments: components["schemas"]["Appointment"][];
            /** @description Goes into `after` for the next page; `null` at the end. */
            next: string | null;
        };
        Approval: {
            /**
             * Format: int64
             * @description The version that was looked at.
             */
            version: number;
        };
        AuthenticatorResponse: {
            /** @description When a passkey is made. */
            attestationObject?: string | null;
            /** @description When it signs. */
            authenticatorData?: string | null;
            clientDataJSON: string;
            signature?: string | null;
            transports?: string[];
            userHandle?: string | null;
        };
        Candidate: {
            /** Format: int64 */
            age: number | null;
            /** Format: date */
            birthDate: string | null;
            gender: string | null;
            id: string;
            name: string;
        };
        Candidates: {
            /** @description More have this name and birthday than are shown: say the first name too. */
            more: boolean;
            /** @description By name. */
            patients: components["schemas"]["Candidate"][];
        };
        CardLine: {
            detail?: string | null;
            /** @description The entry it stands for, such as `Condition/12`. */
            reference: string;
            /** @description Whether the patient wants it on the card. */
            shown: boolean;
            text: string;
        };
        /** @description The entry of the record that is said to be wrong. */
        CaseAbout: {
            date: string | null;
            id: string;
            title: string;
            /** @description The FHIR type. */
            type: string;
            /**
             * Format: int64
             * @description The version that came of it, once the entry was changed or removed.
             */
            version?: number | null;
        };
        /** @enum {string} */
        CaseAct: "say" | "close" | "object" | "decline";
        /** @description The entry that is asked about. */
        CaseEntry: {
            action: string;
            /** Format: int64 */
            count: number;
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            time: string;
            what: string | null;
        };
        /** @description A patient asks about an entry of their ledger. */
        CaseForm: {
            /**
             * Format: int64
             * @description The number of the entry, as the ledger lists it.
             */
            entry: number;
            /** @description In 5 to 2000 characters: whoever read the record, and the administrators, read it. */
            question: string;
        };
        /** @enum {string} */
        CaseKind: "question" | "correction";
        CaseMessage: {
            from: components["schemas"]["CaseSide"];
            name: string;
            text: string;
            /** Format: date-time */
            time: string;
        };
        /**
         * @description What became of a correction.
         * @enum {string}
         */
        CaseOutcome: "corrected" | "changed" | "declined";
        /** @description Who read, as the ledger names them; or who wrote the entry. */
        CaseReader: {
            name: string;
            organization: string | null;
            role: string;
        };
        /**
         * @description Who speaks.
         * @enum {string}
         */
        CaseSide: "patient" | "reader" | "administrator";
        /** @enum {string} */
        CaseState: "waiting" | "answered" | "dissatisfied" | "closed";
        /**
         * @description Kinds of data as people name them. Bit `16 + position` of a resource's marks; the order is stored, never change it.
         * @enum {string}
         */
        Category: "visit" | "condition" | "medicine" | "result" | "vital" | "observation" | "procedure" | "immunization" | "allergy" | "document" | "imaging" | "plan" | "device" | "billing" | "other" | "person";
        /** @description What a page begins with. */
        Ceremony: {
            /** @description Opaque; goes back with the result, within five minutes, once. */
            ceremony: string;
            /** @description For `navigator.credentials`: `{"publicKey": …}` as JSON. */
            options: Record<string, never>;
        };
        /** @description One change as a program sends it. */
        ChangeForm: {
            act: components["schemas"]["EditAct"];
            /** @description What to remove, such as `Condition/abc`. */
            reference?: string | null;
            /** @description The FHIR resource as it shall stand: without an id to add, with its id to correct. */
            resource?: Record<string, never> | null;
        };
        Check: {
            detail: string;
            name: string;
            state: components["schemas"]["State3"];
        };
        /** @description A parent adds a child. */
        ChildForm: {
            /** Format: date */
            birthDate: string;
            family: string;
            /** @description `female`, `male`, `other` or `unknown`. */
            gender: string;
            given: string;
        };
        /** @description What a clinician says of themselves. */
        ClinicianDetails: {
            /** @description Such as `Cardiologist`. */
            profession: string;
            /** @description Which register, such as `General Medical Council`. */
            register: string;
            /** @description The number under which the register of clinicians knows them. */
            registrationNumber: string;
            /** @description Where they work, in their own words. */
            workplace?: string | null;
        };
        /** @description What a clinician fills in to register. */
        ClinicianRegistration: {
            /** Format: email */
            email: string;
            /** @description As patients know them, such as `Dr Kim Lee`. */
            name: string;
            /**
             * Format: password
             * @description At least 8 characters.
             */
            password: string;
            session?: components["schemas"]["SessionKind"];
        };
        CodeAnswer: {
            code: string;
            /** @description Makes the session a full one. */
            recoveryCode?: string | null;
            request: string;
            session?: components["schemas"]["SessionKind"];
        };
        CodeAsked: {
            /** Format: date-time */
            expires: string;
            /** @description Goes back with the code. */
            request: string;
        };
        CodeForm: {
            /** Format: email */
            email: string;
        };
        /** @description A medicine, a problem or an allergy on the two days. */
        ComparedCourse: {
            after: components["schemas"]["Standing"];
            before: components["schemas"]["Standing"];
            category: components["schemas"]["Category"];
            /** @description The newest entry of it until the later day. */
            entry: components["schemas"]["RecordEntry"];
            title: string;
        };
        /** @description A result or vital sign on the two days: what was measured last until then. */
        ComparedReading: {
            after: components["schemas"]["RecordEntry"] | null;
            before: components["schemas"]["RecordEntry"] | null;
            category: components["schemas"]["Category"];
            title: string;
        };
        Comparison: {
            /** @description Only what is not over on both days. */
            courses: components["schemas"]["ComparedCourse"][];
            /** @description What was measured on or before both days; what changed comes first. */
            readings: components["schemas"]["ComparedReading"][];
        };
        /**
         * @description An area of sealed documents. The order is stored, never change it.
         * @enum {string}
         */
        Compartment: "general" | "mental-health" | "sexual-health" | "hiv" | "genetics" | "substance-use" | "violence";
        /** @description Only entries with this code. */
        Condition: {
            parameter: string;
            value: string;
        };
        /** @description One of: a password; a ceremony with its credential; a recovery code. */
        ConfirmForm: {
            ceremony?: string | null;
            credential?: components["schemas"]["Credential"] | null;
            /** Format: password */
            password?: string | null;
            recoveryCode?: string | null;
        };
        /** @description Who is signed in, after proving it again. */
        Confirmed: components["schemas"]["Session"] & {
            /**
             * @description For programs: send this from now on. The token they confirmed with opens nothing any more after ten seconds. A browser's
             *     cookie is exchanged in the same way.
             */
            token?: string | null;
        };
        /** @description What I allowed an app. */
        ConnectedApp: {
            app: components["schemas"]["AppName"];
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            lastUsed?: string | null;
            patient?: string | null;
            /** @description It ends with the session in which I allowed it. */
            session: boolean;
            /** Format: date-time */
            until: string;
            wishes: components["schemas"]["Wish"][];
        };
        ConnectedApps: {
            apps: components["schemas"]["ConnectedApp"][];
        };
        /** @description One version of the words. */
        ConsentText: {
            /** @description SHA-256 of the text, hexadecimal: it stays the same for good. */
            sha256: string;
            /**
             * Format: date
             * @description The first day on which it was agreed to.
             */
            since: string;
            /** @description Plain text; an empty line stands between paragraphs. */
            text: string;
            /** Format: int64 */
            version: number;
        };
        ConsentTexts: {
            /** @description The newest first: that is what a grant given now agrees to. */
            texts: components["schemas"]["ConsentText"][];
        };
        ConsistencyProof: {
            /** Format: int64 */
            from: number;
            hashes: string[];
            /** Format: int64 */
            to: number;
        };
        /** @description Somebody to be called. */
        Contact: {
            /** @description Where they are told that the record was opened in an emergency. It is not on the card that others see. */
            email: string | null;
            name: string;
            /** @description Whether it is one of the emergency contacts that this card edits; the others were entered elsewhere. */
            own: boolean;
            phone: string;
            relationship: string | null;
        };
        ContactForm: {
            /** @description Where they are told that the record was opened in an emergency; left out, it stays as it is, and empty it goes. */
            email?: string | null;
            name: string;
            phone: string;
            relationship?: string;
        };
        /** @description A patient says that an entry of their record is wrong. */
        CorrectionForm: {
            /** @description Its logical id. */
            id: string;
            /** @description What it should say, in up to 2000 characters. */
            proposal?: string | null;
            /** @description What is wrong, in 5 to 2000 characters: whoever wrote it or is named in it, and the administrators, read it. */
            reason: string;
            /** @description The FHIR type of the entry. */
            type: string;
        };
        Counts: {
            /** Format: int64 */
            accounts: number;
            /** Format: int64 */
            grants: number;
            /** Format: int64 */
            patients: number;
            /** Format: int64 */
            resources: number;
        };
        /** @description A paper that was handed in. */
        Credential: {
            /** Format: date-time */
            added: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            id: number;
            /** @description `application/pdf`, `image/jpeg` or `image/png`, by its content. */
            mediaType: string;
            name: string;
        };
        Database: {
            /** Format: int64 */
            bytes: number;
            engine: string;
        };
        /** @description An emergency in the queue of those who review. */
        DeclaredEmergency: {
            /**
             * Format: date-time
             * @description By when it is to be reviewed.
             */
            due: string;
            /**
             * Format: date-time
             * @description When it was ended before that.
             */
            ended: string | null;
            finding: components["schemas"]["Finding"];
            /** Format: int64 */
            id: number;
            /**
             * Format: date-time
             * @description When something was last read under it, to the minute.
             */
            lastRead: string | null;
            /** Format: date-time */
            opened: string;
            organization: string | null;
            patient: components["schemas"]["Party"];
            practitioner: components["schemas"]["Party"];
            reason: string;
            review: components["schemas"]["EmergencyReview"] | null;
            /** Format: date-time */
            until: string;
            /**
             * Format: date-time
             * @description When the whole record was opened.
             */
            whole: string | null;
        };
        /** @description A patient asks somebody to look after their record. */
        DelegateForm: {
            /** @description `true` to act as the patient would, `false` only to look. */
            acts: boolean;
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /** @description Sensitive areas that are included. */
            labels: components["schemas"]["Label"][];
            /** @description The user name or e-mail address of a patient's account. */
            person: string;
            /**
             * Format: date-time
             * @description When it ends by itself; `null` means when one of the two ends it.
             */
            until: string | null;
        };
        /** @description Who looks after whose record. */
        Delegation: {
            /** @description Also adds, shares and approves; else only looks. */
            acts: boolean;
            /** @description Who asks the caller, until the caller answers. */
            asker: string | null;
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["DelegationKind"];
            labels: components["schemas"]["Label"][];
            /** @description Whether it is the caller who looks after the record. */
            mine: boolean;
            /** @description Whose record. */
            patient: components["schemas"]["Party"];
            /** @description Who looks after it: their name, or before they accept what was typed; for them `null`, it is they. */
            person: string | null;
            /** @description Why an administrator began or ended it. */
            reason: string | null;
            state: components["schemas"]["DelegationState"];
            /**
             * Format: date-time
             * @description When it ends by itself: a guardianship when the child comes of age.
             */
            until: string | null;
        };
        /** @description Whether a question reached anybody is not said. */
        DelegationAsked: {
            /** @description Always `sent`. */
            status: string;
        };
        /** @enum {string} */
        DelegationKind: "guardianship" | "delegation";
        /** @enum {string} */
        DelegationState: "waiting" | "active" | "ended";
        /** @description What a demonstration tells everybody. */
        Demo: {
            accounts: components["schemas"]["DemoAccount"][];
        };
        DemoAccount: {
            name: string;
            password: string;
            role: string;
            username: string;
        };
        /** @description A code that was just made. Kept is only a keyed hash of it. */
        DeskCode: {
            /** @description Eight digits. */
            code: string;
            /** Format: int64 */
            id: number;
            /**
             * Format: date-time
             * @description When it stops being good.
             */
            until: string;
        };
        /** @description A code as it was typed or scanned. */
        DeskCodeForm: {
            code: string;
        };
        /** @description What the patient gives with their tap. */
        DeskGiveForm: {
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /**
             * Format: int64
             * @description For how many hours, from now: at most 31 days of them.
             */
            hours: number;
            /** @description Sensitive areas that are included. */
            labels?: components["schemas"]["Label"][];
        };
        /** @description What one of the two sees. */
        DeskMeeting: {
            /** Format: int64 */
            id: number;
            /** @description Where they work. */
            organization: string | null;
            patient: components["schemas"]["Party"] | null;
            practitioner: components["schemas"]["Party"] | null;
            state: components["schemas"]["DeskState"];
            /**
             * Format: date-time
             * @description When the code, or the patient's time to decide, is over.
             */
            until: string;
        };
        /** @enum {string} */
        DeskState: "shown" | "met" | "given" | "ended";
        /** @description A session of mine. */
        Device: {
            /** Format: date-time */
            created: string;
            /** @description This very session. */
            current: boolean;
            device: string;
            /** Format: date-time */
            expires: string;
            /** Format: int64 */
            id: number;
            /** @description `cookie` or `token`. */
            kind: string;
            /** Format: date-time */
            lastSeen: string;
            limited: boolean;
            method: components["schemas"]["SignInMethod"];
            /** @description The address it was opened from. */
            place: string | null;
        };
        Directory: {
            items: components["schemas"]["DirectoryItem"][];
        };
        DirectoryItem: {
            /** @description Speciality and workplace, or the town. */
            detail: string | null;
            id: string;
            name: string;
            /** @description Whether somebody there has an account, so that a grant will be noticed. */
            reachable: boolean;
            type: components["schemas"]["GranteeType"];
        };
        /** @description A file of a record. */
        Document: {
            addedAt: string;
            addedBy: components["schemas"]["AddedBy"];
            /** @description Who added it. */
            author: string | null;
            contentType: string;
            /** @description The day it is of. */
            date: string | null;
            deletedAt: string | null;
            fileName: string;
            /** @description When a deleted one is removed for good. */
            gone: string | null;
            /** @description The id of the DocumentReference. */
            id: string;
            kind: components["schemas"]["DocumentKind"] | null;
            /** @description Whether the caller may change and delete it. */
            mayChange: boolean;
            /** @description Whether the caller may say which values are right: whoever may change it, and the patient in whose record it is. */
            mayConfirm: boolean;
            /** @description The clinic or laboratory it is from. */
            organization: string | null;
            /** Format: int64 */
            pages: number;
            /** @description The id of the Patient. */
            patient: string;
            /** @description Whether there are a thumbnail and pictures of its pages. */
            picture: boolean;
            /** @description The document that has the same content and was there first. */
            sameAs: string | null;
            /** Format: int64 */
            size: number;
            state: components["schemas"]["DocumentState"];
            /** @description Why it could not be read, or not all of it. */
            stateDetail: string | null;
            suggestions: components["schemas"]["Suggestions"] | null;
            tags: string[];
            title: string;
            /**
             * Format: int64
             * @description Values that wait to be confirmed.
             */
            toConfirm: number;
        };
        /** @description A place on a page, in parts of its width and height from the upper left. */
        DocumentBox: {
            /** Format: double */
            h: number;
            /** Format: double */
            w: number;
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
        };
        /** @description What is to be different. A member that is left out stays; `null` takes it away. */
        DocumentChange: {
            /** @default null */
            date: string | null;
            /** @default null */
            kind: string | null;
            /** @default null */
            organization: string | null;
            /** @default null */
            tags: string[] | null;
            /** @default null */
            title: string | null;
        };
        /** @description A kind of document: a LOINC code and what it is called. */
        DocumentKind: {
            code: string;
            display: string;
        };
        DocumentKinds: {
            items: components["schemas"]["DocumentKind"][];
        };
        DocumentLine: {
            words: components["schemas"]["DocumentWord"][];
        };
        /** @description What stands on a page. */
        DocumentPage: {
            /** Format: double */
            confidence: number | null;
            lines: components["schemas"]["DocumentLine"][];
            /** Format: int64 */
            n: number;
            /** Format: double */
            skew?: number;
            /** @description `layer`, `ocr` or `text`. */
            source: string;
            /** Format: int64 */
            turned?: number;
        };
        /**
         * @description How far reading has come.
         * @enum {string}
         */
        DocumentState: "waiting" | "reading" | "read" | "unreadable";
        DocumentText: {
            pages: components["schemas"]["DocumentPage"][];
        };
        /** @description A proposed value of a document. */
        DocumentValue: components["schemas"]["ReadValue"] & {
            /** @description Not confirmed here, for it was from another document with the same content: its id. */
            addedFrom: string | null;
            /** Format: int64 */
            n: number;
            /** @description The id of the Observation that was made of it. */
            observation: string | null;
            state: components["schemas"]["ValueState"];
        };
        DocumentValues: {
            items: components["schemas"]["DocumentValue"][];
        };
        /** @description A word and where it stands. Text without a layout has no places. */
        DocumentWord: {
            /** Format: double */
            c?: number | null;
            /** Format: double */
            h?: number | null;
            t: string;
            /** Format: double */
            w?: number | null;
            /** Format: double */
            x?: number | null;
            /** Format: double */
            y?: number | null;
        };
        DocumentYear: {
            /** Format: int64 */
            count: number;
            /** Format: int64 */
            year: number;
        };
        /** @description The documents of a record, newest first. */
        Documents: {
            items: components["schemas"]["Document"][];
            /** @description Over all documents that can be seen, whatever was asked for. */
            kinds: components["schemas"]["KindCount"][];
            /**
             * Format: int64
             * @description The largest file that is taken, in bytes.
             */
            maxBytes: number;
            /** @description Goes into `before` for more. */
            next: string | null;
            tags: components["schemas"]["TagCount"][];
            /** @description Newest first; only years that hold something. */
            years: components["schemas"]["DocumentYear"][];
        };
        /** @description A drafted change of a record. */
        Edit: {
            author: components["schemas"]["Party"];
            changes: components["schemas"]["EditChange"][];
            /**
             * Format: date-time
             * @description Until when a code for it is good; `null` when there is none, or none any more.
             */
            codeUntil: string | null;
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            organization: string | null;
            patient: components["schemas"]["Party"];
            reason: string;
            state: components["schemas"]["EditState"];
            /**
             * Format: int64
             * @description Raised with every change of the draft: the patient approves the version they have seen.
             */
            version: number;
        };
        /**
         * @description What a change does to an entry.
         * @enum {string}
         */
        EditAct: "add" | "correct" | "remove";
        EditChange: {
            act: components["schemas"]["EditAct"];
            /** @description The logical id. */
            id: string;
            /** @description What differs; for what is added or removed, all of it. */
            lines: components["schemas"]["EditLine"][];
            /** @description The resource as it will stand. */
            resource: Record<string, never> | null;
            title: string;
            /** @description The FHIR type. */
            type: string;
        };
        EditForm: {
            changes: components["schemas"]["ChangeForm"][];
            /** @description The id of the patient. */
            patient: string;
            /** @description Why; the patient reads it. */
            reason: string;
        };
        /** @description A part of an entry, before and after. */
        EditLine: {
            after: string | null;
            before: string | null;
            /** @description The FHIR element, such as `onsetDateTime`. */
            element: string;
        };
        /** @enum {string} */
        EditState: "waiting" | "landed" | "declined" | "withdrawn";
        Edits: {
            /** @description Newest first. */
            edits: components["schemas"]["Edit"][];
        };
        Emergencies: {
            /** @description Those that wait for review first, then the newest. */
            emergencies: components["schemas"]["DeclaredEmergency"][];
        };
        /** @description What was opened, for whoever opened it. */
        Emergency: {
            /**
             * Format: int64
             * @description The number of the grant.
             */
            id: number;
            patient: components["schemas"]["Party"];
            /** @description Whether the patient has paused all sharing: an emergency opens the record all the same. */
            restricted: boolean;
            /** Format: date-time */
            until: string;
            /** @description Whether the whole record is open, or its summary. */
            whole: boolean;
        };
        EmergencyCard: {
            /** Format: int64 */
            age: number | null;
            allergies: components["schemas"]["CardLine"][];
            /** @description What a helper must know of the allergies besides: that an entry contradicts them. */
            allergyWarning: string | null;
            birthDate: string | null;
            bloodGroup: string | null;
            conditions: components["schemas"]["CardLine"][];
            contacts: components["schemas"]["Contact"][];
            gender: string | null;
            hidden: string[];
            /** @description The Patient's logical id. */
            id: string;
            implants: components["schemas"]["CardLine"][];
            language: string | null;
            link: components["schemas"]["HealthLink"] | null;
            medicines: components["schemas"]["CardLine"][];
            name: string;
            note: string | null;
            sensitive: boolean;
            /** @description When the newest of what it is made of was written. */
            updated: string;
        };
        /** @description The choice, whole: what is not hidden is shown. */
        EmergencyCardForm: {
            /** @description The emergency contacts; left out, they stay as they are. */
            contacts?: components["schemas"]["ContactForm"][] | null;
            /** @description References of entries, and the words `bloodGroup`, `language`, `contacts`. */
            hidden: string[];
            /**
             * Format: int64
             * @description The health link that its code opens.
             */
            link?: number | null;
            note?: string | null;
            /** @description Whether entries of sensitive areas are on it. */
            sensitive: boolean;
        };
        /** @description A practitioner opens a record in an emergency. */
        EmergencyForm: {
            /** @description The patient's id, as the search for the patient found it, or their share code. */
            patient: string;
            /** @description Why, in 10 to 1000 characters: the patient and the reviewer read it. */
            reason: string;
        };
        EmergencyReview: {
            by: string;
            note: string | null;
            /** Format: date-time */
            time: string;
        };
        Ended: {
            /** Format: int64 */
            ended: number;
        };
        /** @description Why an administrator ends a guardianship. */
        EndingReason: {
            reason: string;
        };
        EraseForm: {
            /** @description The word `erase`: nobody ends a record by a slip. */
            confirm: string;
        };
        /**
         * @description Proof that a record was erased, for whoever it belonged to. It verifies without this server: HMAC-SHA-256 of `entry`
         *     under `r` is `leaf`, which `hashes` (RFC 6962) lead to the root in the signed checkpoint.
         */
        ErasureReceipt: {
            /** @description The signed head of the log, a C2SP signed note. */
            checkpoint: string;
            /**
             * Format: int64
             * @description How many entries there were.
             */
            entries: number;
            /** @description The entry as it stands in the log, in base64. */
            entry: string;
            /** Format: date-time */
            erasedAt: string;
            hashes: string[];
            leaf: string;
            /** @description The Ed25519 key that signed it, in base64. */
            publicKey: string;
            r: string;
            /**
             * Format: int64
             * @description The number of the log's entry.
             */
            seq: number;
            /** Format: int64 */
            size: number;
        };
        ExtendForm: {
            /**
             * Format: date-time
             * @description The new end; `null` means when the patient ends it.
             */
            until: string | null;
        };
        FaceChallenge: {
            /** @description Goes back with the answer, and is taken once. */
            challenge: string;
            /** Format: date-time */
            expires: string;
            /** @description When to take each frame, in milliseconds from the start. */
            frames: number[];
            prompts: components["schemas"]["FacePrompt"][];
        };
        FaceChallengeForm: {
            /** @description `usual`, or `slow` for twice the time. */
            pace?: string;
        };
        FaceCheck: {
            /** @description Whether this server checks faces now. */
            available: boolean;
        };
        /** @description A device on which my face signs me in. */
        FaceDevice: {
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            lastUsed: string | null;
            name: string;
        };
        FaceDevices: {
            devices: components["schemas"]["FaceDevice"][];
        };
        FaceEnrolForm: {
            challenge: string;
            /** @description That the person was told what is kept, and agreed. Nothing happens without it. */
            consent: boolean;
            frames: components["schemas"]["FaceFrame"][];
            key: string;
            /** @description What the device is called in the list. */
            name: string;
            secret: string;
            /** @description As for signing in, with the word `enrol` and an empty user name. */
            signature: string;
        };
        FaceFrame: {
            /**
             * Format: int32
             * @description When it was taken, in milliseconds from the start.
             */
            at: number;
            /** @description A JPEG picture in base64url, at most 150 kB. Anything but a picture is refused. */
            picture: string;
        };
        FaceLoginForm: {
            challenge: string;
            frames: components["schemas"]["FaceFrame"][];
            /** @description The device's public key: an uncompressed point on P-256 in base64url. */
            key: string;
            /** @description 32 bytes in base64url that only this device knows. */
            secret: string;
            session?: components["schemas"]["SessionKind"];
            /**
             * @description ECDSA with SHA-256 over the lines `healthsync face check`, `login`, the user name, the challenge, and for each
             *     frame its moment and the SHA-256 of the picture in hexadecimal.
             */
            signature: string;
            username: string;
        };
        /** @description What a frame shows, so that the page can say how to hold the head. */
        FaceLook: {
            face?: components["schemas"]["FacePlace"] | null;
            /**
             * Format: int32
             * @description How many faces: 0, 1, or 2 for several.
             */
            faces: number;
        };
        FaceLookForm: {
            /** @description A JPEG picture in base64url. */
            picture: string;
        };
        FacePlace: {
            /** Format: float */
            height: number;
            /** Format: float */
            light: number;
            /** Format: float */
            width: number;
            /** Format: float */
            x: number;
            /** Format: float */
            y: number;
        };
        FacePrompt: {
            /** Format: int32 */
            from: number;
            /** @description `blink`, `smile`, `open-mouth`, `turn-left`, `turn-right` or `look-up`; left and right are the person's own. */
            gesture: string;
            /** Format: int32 */
            until: number;
        };
        FaceSwitch: {
            available: boolean;
            /** @description Whether there are models of faces at all; without them it cannot be switched on. */
            models: boolean;
        };
        FaceSwitchForm: {
            enabled: boolean;
        };
        Family: {
            /** @description Whom the caller looks after or is asked to, and who looks after the caller and their children. */
            delegations: components["schemas"]["Delegation"][];
        };
        /**
         * @description What the reviewer found.
         * @enum {string}
         */
        Finding: "open" | "justified" | "unjustified";
        /** @description What a ceremony ended with. */
        FinishedCeremony: {
            ceremony: string;
            /** @description `credential.toJSON()`, without what `prf` derived. */
            credential: components["schemas"]["Credential"];
            /** @description What its owner calls the device; only when a passkey is made. */
            name?: string | null;
            session?: components["schemas"]["SessionKind"];
        };
        /**
         * @description How a value differs from what is usual.
         * @enum {string}
         */
        Flag: "high" | "low" | "critical" | "abnormal";
        /** @description A consent, as both sides see it. */
        Grant: {
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /** Format: date-time */
            created: string;
            /** Format: date */
            from: string | null;
            grantee: components["schemas"]["GranteeParty"];
            /** Format: int64 */
            id: number;
            /** @description Sensitive areas that are included. */
            labels: components["schemas"]["Label"][];
            /**
             * Format: date-time
             * @description When somebody last read under this grant, to the minute.
             */
            lastRead: string | null;
            note: string | null;
            patient: components["schemas"]["Party"];
            purpose: components["schemas"]["GrantPurpose"];
            /** Format: date-time */
            revoked: string | null;
            /** @description Compartments of sealed documents that the reader may open. */
            sealed: components["schemas"]["Compartment"][];
            state: components["schemas"]["GrantState"];
            /** Format: date */
            to: string | null;
            /** Format: date-time */
            until: string | null;
        };
        /**
         * @description Whom, what, how long. What widens access must be said: `kinds` and `days` may be `null` (everything; until you end it), but
         *     not left out.
         * @example {
         *       "days": 30,
         *       "doctor": "doctor1",
         *       "kinds": [
         *         "vital",
         *         "result"
         *       ],
         *       "purpose": "treatment"
         *     }
         */
        GrantAccess: {
            /** @description Instead of a doctor: the id of the Organization. Whoever works there sees it. */
            clinic?: string | null;
            /** Format: int64 */
            days: number | null;
            /** @description The id of the Practitioner, or the doctor's user name or e-mail address. */
            doctor?: string | null;
            kinds: components["schemas"]["Category"][] | null;
            note?: string | null;
            /** @description `treatment` when left out. */
            purpose?: components["schemas"]["GrantPurpose"];
            /** @description Sensitive areas that are included; none when left out. */
            sensitive?: components["schemas"]["Label"][];
        };
        /**
         * @description What was done to a grant.
         * @enum {string}
         */
        GrantAct: "given" | "changed" | "renewed" | "asked" | "revoked" | "expired";
        /**
         * @description What a patient sends to give access. What widens a grant must be said: a field that was forgotten is an error, never
         *     "everything" or "for ever".
         */
        GrantForm: {
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /**
             * Format: date
             * @description First day covered.
             */
            from?: string | null;
            grantee: components["schemas"]["GranteeRef"];
            /** @description Sensitive areas that are included. */
            labels?: components["schemas"]["Label"][];
            note?: string | null;
            purpose?: components["schemas"]["GrantPurpose"];
            /**
             * Format: int64
             * @description The access request that this answers.
             */
            request?: number | null;
            /**
             * @description Compartments of sealed documents that the practitioner may open: none unless named. The keys are handed over by the
             *     patient's browser.
             */
            sealed?: components["schemas"]["Compartment"][];
            /**
             * Format: date
             * @description Last day covered.
             */
            to?: string | null;
            /**
             * Format: date-time
             * @description When access ends by itself; `null` means when the patient ends it.
             */
            until: string | null;
        };
        GrantHistory: {
            /** @description Newest first. A grant that is older than this history begins with its first change since. */
            versions: components["schemas"]["GrantVersion"][];
        };
        GrantInForce: {
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /** Format: int64 */
            id: number;
            labels: components["schemas"]["Label"][];
            purpose: string;
            /** Format: date-time */
            until: string | null;
            /** @description `you`, or the name of the organization that it was given to. */
            via: string;
        };
        /**
         * @description Why a reader may look. A patient's own wish is no purpose of a grant.
         * @enum {string}
         */
        GrantPurpose: "treatment" | "research" | "operations" | "emergency";
        /** @enum {string} */
        GrantState: "active" | "expired" | "revoked";
        /** @description What a grant said at a time. */
        GrantTerms: {
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /** Format: date */
            from: string | null;
            labels: components["schemas"]["Label"][];
            note: string | null;
            purpose: components["schemas"]["GrantPurpose"];
            sealed: components["schemas"]["Compartment"][];
            /** Format: date */
            to: string | null;
            /** Format: date-time */
            until: string | null;
        };
        /** @description One version of a grant. */
        GrantVersion: {
            act: components["schemas"]["GrantAct"];
            /** @description Who did it, as they were named then; `null` when it ended by its date. */
            by: string | null;
            says: components["schemas"]["GrantTerms"];
            /**
             * Format: int64
             * @description The version of the consent text that the patient agreed to (`/api/consent-texts/{version}`); `null` where they did
             *     not, such as when access ended.
             */
            text: number | null;
            /** Format: date-time */
            time: string;
            /** Format: int64 */
            version: number;
        };
        GranteeParty: {
            id: string;
            name: string;
            type: components["schemas"]["GranteeType"];
        };
        /** @description A grantee as a form names it. */
        GranteeRef: {
            /** @description The logical id of the resource. */
            id: string;
            type: components["schemas"]["GranteeType"];
        };
        /**
         * @description Whom a grant can be given to.
         * @enum {string}
         */
        GranteeType: "practitioner" | "organization";
        Grants: {
            /** @description Newest first. */
            grants: components["schemas"]["Grant"][];
        };
        /** @description The entries of a visit, or of a day outside of any visit. */
        Group: {
            /** @description The day, or the month or year where nothing more is known; `null` for what has no date. */
            date: string | null;
            entries: components["schemas"]["RecordEntry"][];
            visit: components["schemas"]["Visit"] | null;
        };
        GuardedVault: {
            name: string;
            /** Format: date-time */
            since: string;
        };
        /** @description A guardian asks somebody to be a guardian too. */
        GuardianForm: {
            /** @description The id of the child's Patient. */
            patient: string;
            /** @description The user name or e-mail address of a patient's account. */
            person: string;
        };
        /** @description The code, for the patient to hand over. */
        HandedCode: {
            code: string;
            /** Format: date-time */
            until: string;
        };
        Health: {
            checks: components["schemas"]["Check"][];
            counts: components["schemas"]["Counts"];
            database: components["schemas"]["Database"];
            process: components["schemas"]["Process"];
            requests: components["schemas"]["Requests"];
            /** @description When this process started. */
            started: string;
            version: string;
        };
        HealthLink: {
            /** @description The same as an address for a browser: what is behind `#` never reaches a server. */
            address: string | null;
            created: string;
            direct: boolean;
            /** Format: int64 */
            id: number;
            label: string;
            /** @description The latest tries, newest first. */
            latest: components["schemas"]["HealthLinkOpening"][];
            /** @description `shlink:/…`; only while it is active. */
            link: string | null;
            /**
             * Format: int64
             * @description How often it was opened.
             */
            openings: number;
            passcode: string | null;
            sensitive: boolean;
            state: components["schemas"]["HealthLinkState"];
            tell: boolean;
            /** Format: date-time */
            until: string | null;
            /** Format: int64 */
            wrongPasscodes: number;
        };
        /** @description What the protocol says to a wrong passcode. */
        HealthLinkDenied: {
            /**
             * Format: int64
             * @description Tries that are left in the whole life of the link.
             */
            remainingAttempts: number;
        };
        HealthLinkFile: {
            contentType: string;
            /** @description The file as a JWE under the link's key. */
            embedded?: string | null;
            fhirVersion: string;
            lastUpdated: string;
            /** @description Where it can be had, for an hour. */
            location?: string | null;
        };
        /** @description What a patient chooses for a new link. Sensitive areas and an end must be decided on, not forgotten. */
        HealthLinkForm: {
            /** @description Opens with one plain request, for simple readers; never together with a passcode. */
            direct?: boolean;
            /** @description What it is for; whoever opens it reads this. At most 80 characters. */
            label: string;
            /** @description Whoever opens it must know this too; it is told apart from the link. 4 to 64 characters. */
            passcode?: string | null;
            /** @description Whether it also shows sensitive areas. */
            sensitive: boolean;
            /** @description Whether every opening is told to the inbox; the ledger has it anyway. */
            tell: boolean;
            /**
             * Format: date-time
             * @description When it ends by itself; `null` means when the patient ends it.
             */
            until: string | null;
        };
        HealthLinkManifest: {
            files: components["schemas"]["HealthLinkFile"][];
            /** @description `can-change`: the file is what is current when it is asked for. */
            status: string;
        };
        /**
         * @description What came of a try to open it.
         * @enum {string}
         */
        HealthLinkOpened: "opened" | "wrong-passcode" | "refused";
        HealthLinkOpening: {
            /** @description Who it was, as they said themselves. */
            recipient: string;
            result: components["schemas"]["HealthLinkOpened"];
            time: string;
        };
        /** @description What an opener says. Other members are for other servers and are passed over, as the protocol wants it. */
        HealthLinkRequest: {
            /** @description Files longer than this are answered with an address instead. */
            embeddedLengthMax?: number | null;
            passcode?: string | null;
            /** @description Who opens it; the patient reads this. */
            recipient: string;
        };
        /** @enum {string} */
        HealthLinkState: "active" | "expired" | "ended" | "locked";
        HealthLinks: {
            /** @description Newest first, at most 200. */
            links: components["schemas"]["HealthLink"][];
        };
        Inbox: {
            /** @description The newest hundred, newest first. */
            items: components["schemas"]["NoticeItem"][];
            /**
             * Format: int64
             * @description Of all, not only of those shown.
             */
            unread: number;
        };
        InclusionProof: {
            /** @description RFC 6962 audit path, from the leaf upwards. */
            hashes: string[];
            /** Format: int64 */
            seq: number;
            /** Format: int64 */
            size: number;
        };
        Invitation: {
            /** Format: email */
            email: string;
            /** @description As patients will know them, such as `Dr Kim Lee`. */
            name: string;
            /** @description FHIR ids of the organizations they will work in once they are verified. */
            organizations?: string[];
        };
        Invitations: {
            invitations: components["schemas"]["OpenInvitation"][];
        };
        Invited: {
            /**
             * Format: int64
             * @description The number of the account.
             */
            account: number;
            /**
             * @description The path of the link that opens the account, once and within seven days: give it to nobody else. Null when it was
             *     sent to them by e-mail.
             */
            link: string | null;
        };
        KindCount: {
            code: string;
            /** Format: int64 */
            count: number;
            display: string;
        };
        LabCode: {
            /** @description LOINC. */
            code: string;
            display: string;
            synonyms?: string[];
            /** @description The usual unit (UCUM). */
            unit: string | null;
            units?: string[];
        };
        /** @description Codes of laboratory tests with their names and units, as the reading knows them. */
        LabCodes: {
            items: components["schemas"]["LabCode"][];
        };
        /**
         * @description Areas many people want to keep to themselves: in no grant unless the patient says so. Bit `position` of the marks.
         * @enum {string}
         */
        Label: "mental-health" | "sexual-health" | "hiv" | "genetics" | "substance-use" | "violence";
        /** @enum {string} */
        LabelSource: "patient" | "practitioner" | "entry";
        Labelled: {
            by: components["schemas"]["LabelSource"];
            label: components["schemas"]["Label"];
        };
        Labels: {
            labels: components["schemas"]["Labelled"][];
        };
        /** @description The labels that are to stand by hand on an entry, all of them. */
        LabelsForm: {
            labels: components["schemas"]["Label"][];
        };
        LandForm: {
            /** @description Eight digits; left out inside a visit's open session. */
            code?: string | null;
        };
        Latest: {
            /** @description `<`, `<=`, `>=` or `>`, where the number is only a limit. */
            comparator?: string | null;
            /** @description As exact as it was written: a day, or a moment. */
            date: string;
            flag?: components["schemas"]["Flag"] | null;
            /** Format: double */
            number: number;
        };
        Launch: {
            clientId: string;
            /** @description The FHIR id of the patient. */
            patient: string;
        };
        LaunchableApps: {
            apps: components["schemas"]["AppName"][];
        };
        LedgerActor: {
            /** @description The app that acted for them. */
            app?: string | null;
            name: string;
            organization?: string | null;
            role: string;
        };
        LedgerCheckpoint: {
            /** @description The last checkpoint that at least one of them co-signed: a C2SP signed note with their lines. */
            cosigned: string | null;
            origin: string;
            publicKey: string;
            root: string;
            /** Format: int64 */
            size: number;
            /** @description A C2SP signed note. */
            text: string;
            /** @description Servers at other institutions that are asked to co-sign. */
            witnesses: components["schemas"]["LedgerWitness"][];
        };
        /**
         * @description An entry of the log, with what it takes to check it: `leaf` is HMAC-SHA256 of the exact bytes under the key `r`, and
         *     the hash of the leaf in the tree is SHA-256 of a zero byte and `leaf`.
         */
        LedgerEntry: {
            action: string;
            actor: components["schemas"]["LedgerActor"];
            /** Format: int64 */
            count: number;
            /** @description The exact bytes that were logged, in base64. */
            entry: string;
            /** Format: int64 */
            grant?: number | null;
            /** @description `own record`, `grant`, `break-glass`, `custody`, `operator` or `administration`. */
            ground: string | null;
            leaf: string;
            /** Format: int64 */
            patientSeq: number;
            purpose: string | null;
            r: string;
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            time: string;
            what: string | null;
        };
        LedgerPage: {
            /** @description Newest first. */
            entries: components["schemas"]["LedgerEntry"][];
            next: string | null;
            /**
             * Format: int64
             * @description How many there are in all.
             */
            total: number;
        };
        LedgerState: {
            /** @description The last signed note. */
            checkpoint: string;
            /** Format: date-time */
            lastCheckpointTime: string;
            root: string;
            /** Format: int64 */
            size: number;
            verified: components["schemas"]["Verified"] | null;
            witnesses: components["schemas"]["LedgerWitness"][];
        };
        /** @description A witness and what it said last. */
        LedgerWitness: {
            /** @description As it is written in C2SP signed-note. */
            key: string;
            name: string;
            /** Format: date-time */
            signed: string | null;
            /** Format: date-time */
            since: string | null;
            /**
             * Format: int64
             * @description The largest tree that it co-signed, and when.
             */
            size: number | null;
            /**
             * @description `signs`, `silent` (does not answer), `stranger` (does not know this ledger) or `dissents`: this ledger does not
             *     continue what it signed before.
             */
            state: string | null;
        };
        /** @description The secret of a letter in which somebody was asked. */
        LetterForm: {
            secret: string;
        };
        /** @description A reading that says only that the value was below or above a number: it is no point of a line. */
        Limit: {
            /** @description `<`, `<=`, `>=` or `>` */
            comparator: string;
            /** @description The id of the Observation. */
            id: string;
            /** Format: double */
            number: number;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            time: number;
        };
        /** @description An administrator makes somebody the guardian of a child whose record is there already. */
        LinkForm: {
            /** @description The id of the child's Patient. */
            patient: string;
            /** @description The user name or e-mail address of a patient's account. */
            person: string;
            /** @description What it rests on, in 10 to 1000 characters: all whom it concerns read it. */
            reason: string;
        };
        /** @description As in `LedgerEntry`: `leaf` is HMAC-SHA256 of the exact bytes under the key `r`. */
        LoggedKeys: {
            entry: string;
            leaf: string;
            r: string;
            /** Format: int64 */
            seq: number;
        };
        /** @description Signed in. */
        Login: {
            account: components["schemas"]["Account"];
            /**
             * Format: date-time
             * @description Until then sensitive acts need no further confirmation.
             */
            confirmedUntil: string | null;
            /** Format: date-time */
            expires: string;
            /**
             * Format: int64
             * @description The session ends when nothing is asked for this long.
             */
            idleSeconds: number;
            /** @description Opened by an e-mail code alone: one's account and devices, no health data. */
            limited: boolean;
            method: components["schemas"]["SignInMethod"];
            /** @description For programs; a browser gets a cookie that no script can read instead. */
            token?: string | null;
        };
        LoginForm: {
            /** Format: password */
            password: string;
            session?: components["schemas"]["SessionKind"];
            /** @description The user name, or the e-mail address. */
            username: string;
        };
        /** @description Who is looked for. Family name and date of birth must be whole and right: nobody leafs through patients here. */
        LookupForm: {
            /** Format: date */
            birthDate: string;
            family: string;
            /** @description The beginning of a first name. */
            given?: string | null;
        };
        /** @description Somebody who works in an organization. */
        Member: {
            /** Format: int64 */
            account: number;
            name: string;
            /** @enum {string} */
            role: "patient" | "practitioner" | "administrator" | "service";
            username: string;
        };
        Members: {
            members: components["schemas"]["Member"][];
        };
        MessageForm: {
            /** @description 1 to 2000 characters. */
            text: string;
        };
        /** @description How I can sign in. */
        Methods: {
            /** @description Where codes are sent. */
            email: string | null;
            /**
             * @description Somebody showed that the address is theirs, by a code sent to it together with another way in. Otherwise the first
             *     recovery by it ends every other way in.
             */
            emailProved: boolean;
            passkeys: components["schemas"]["Passkey"][];
            password: components["schemas"]["PasswordState"];
            recoveryCodes: components["schemas"]["RecoveryState"];
        };
        MetricAnalysis: {
            /** @description How it was computed, and what it does not say. */
            method: string;
            /** @description One for each number that was measured; a blood pressure has two. */
            metrics: components["schemas"]["MetricFinding"][];
            /** @description The id of the Patient. */
            patient: string;
        };
        /**
         * @description Whether the interval of the slope leaves out zero.
         * @enum {string}
         */
        MetricDirection: "rising" | "falling" | "unclear";
        MetricFinding: {
            /** @description LOINC. */
            code: string;
            count: number;
            latest: components["schemas"]["MetricLatest"] | null;
            /** Format: double */
            max: number | null;
            /** Format: double */
            mean: number | null;
            /** Format: double */
            min: number | null;
            /** @description Why there is no trend or no reference. */
            notes: string[];
            /** @description Readings in another unit than the latest: they are in no number here. */
            otherUnits: number;
            /** @description `systolic` or `diastolic`, of a blood pressure. */
            part: string | null;
            reference: components["schemas"]["MetricReference"] | null;
            /**
             * Format: double
             * @description Of the sample; from two readings on.
             */
            standardDeviation: number | null;
            trend: components["schemas"]["MetricTrend"] | null;
            type: string;
            unit: string | null;
        };
        MetricLatest: {
            /** Format: date-time */
            time: string;
            /** Format: double */
            value: number;
        };
        MetricPressure: {
            /** Format: double */
            diastolic: number;
            /** Format: double */
            systolic: number;
        };
        /**
         * @description One reading.
         * @example {
         *       "time": "2026-05-02T07:30:00Z",
         *       "type": "heart_rate",
         *       "unit": "bpm",
         *       "value": 72
         *     }
         */
        MetricReading: {
            /** @description The id of the Patient. A patient who measures themselves leaves it out. */
            patient?: string | null;
            /**
             * Format: date-time
             * @description When it was measured; now when left out. Say it, so that sending a reading twice is sending it once.
             */
            time?: string | null;
            /** @description `heart_rate`, `blood_pressure`, `oxygen_saturation`, `temperature`, `respiratory_rate`, `weight`, `height`, `glucose`. */
            type: string;
            /** @description Such as `bpm`, `mmHg`, `%`, `°C`, `kg`, `mmol/L`; UCUM's codes are understood too. */
            unit: string;
            value: components["schemas"]["MetricValue"];
        };
        MetricReadings: components["schemas"]["MetricReading"] | components["schemas"]["MetricReading"][];
        MetricReference: {
            above: number;
            below: number;
            /** Format: double */
            high: number | null;
            /** Format: double */
            low: number | null;
            /** @description Who says so, and of whom. */
            source: string;
            within: number;
        };
        MetricTrend: {
            /**
             * Format: double
             * @description From the first reading to the last.
             */
            days: number;
            direction: components["schemas"]["MetricDirection"];
            /** Format: double */
            high: number;
            /**
             * Format: double
             * @description The slope lies between `low` and `high` with 95 % confidence.
             */
            low: number;
            /** Format: double */
            perDay: number;
        };
        /** @description A number; for a blood pressure both of its numbers. */
        MetricValue: number | components["schemas"]["MetricPressure"] | string;
        MyPatient: {
            /** Format: int64 */
            age: number | null;
            /** Format: date */
            birthDate: string | null;
            gender: string | null;
            grant: components["schemas"]["GrantInForce"];
            id: string;
            /**
             * Format: date-time
             * @description The date of the newest entry that the grant shows.
             */
            lastUpdated: string | null;
            name: string;
        };
        MyPatients: {
            /** @description By name. */
            patients: components["schemas"]["MyPatient"][];
        };
        /** @description `null` when none was made yet. */
        MyVault: {
            /** @description Whose vaults the caller is a guardian of. */
            guarding: components["schemas"]["GuardedVault"][];
            vault: components["schemas"]["Vault"] | null;
        };
        NameForm: {
            name: string;
        };
        /** @description What stays of what I allowed an app. */
        Narrowing: {
            /** @description The scopes that stay, as `wishes` says them; those about `patient`, `launch`, `offline` and `online` always do. */
            scopes: string[];
            /**
             * Format: date-time
             * @description An earlier end; as it is when it is left out.
             */
            until?: string | null;
        };
        NewMember: {
            /**
             * Format: int64
             * @description The number of the account.
             */
            account: number;
        };
        NewOrganization: {
            city?: string | null;
            name: string;
            phone?: string | null;
        };
        NewUser: {
            /** Format: email */
            email?: string | null;
            name: string;
            /** @description FHIR ids of the organizations they work in. */
            organizations?: string[];
            /**
             * Format: password
             * @description At least 8 characters.
             */
            password: string;
            /** @description `patient`, `practitioner` or `administrator`. */
            role: string;
            username: string;
        };
        /** @description Who registers: what becomes of their Patient. */
        Newcomer: {
            /** Format: date */
            birthDate: string;
            /** Format: email */
            email: string;
            family: string;
            /** @description `female`, `male`, `other` or `unknown`. */
            gender: string;
            given: string;
        };
        /** @description A body without fields. */
        Nothing: Record<string, never>;
        /**
         * @description Whether e-mail reaches this account.
         * @enum {string}
         */
        NoticeEmail: "reached" | "no-address" | "no-mailer";
        NoticeItem: {
            body: string;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["NoticeKind"];
            /** @description Where to go from here. */
            link: string | null;
            read: boolean;
            /** Format: date-time */
            time: string;
            title: string;
        };
        /**
         * @description What a notice is about; the page shows each with its own sign.
         * @enum {string}
         */
        NoticeKind: "access-request" | "grant" | "revoked" | "read" | "new-reader" | "record" | "security" | "emergency" | "edit" | "case";
        /**
         * @description How somebody is told. Whatever is told at all stands in the app; e-mail comes on top.
         * @enum {string}
         */
        NoticeWay: "app" | "mail" | "daily" | "off";
        NoticeWish: {
            kind: components["schemas"]["NoticeKind"];
            way: components["schemas"]["NoticeWay"];
            /** @description What can be chosen. Emergencies and the security of the account cannot be turned off. */
            ways: components["schemas"]["NoticeWay"][];
        };
        NoticeWishes: {
            /** @description The time of the day, where the reader lives, at which the daily e-mail leaves, such as 06:00. */
            dailyAt: string;
            email: components["schemas"]["NoticeEmail"];
            /** @description What this account is told of, in the order of the page. */
            kinds: components["schemas"]["NoticeWish"][];
            /**
             * @description Between which times of their day no e-mail leaves, such as 22:00-07:00; not counted are emergencies and the security
             *     of the account.
             */
            quiet: string | null;
            /** @description Where the reader lives, by a name of the IANA database. */
            zone: string;
        };
        NoticeWishesForm: {
            dailyAt?: string | null;
            /** @description Nothing between the quotes ends the quiet hours. */
            quiet?: string | null;
            /** @description By kind; what is not named stays as it is. */
            ways?: {
                [key: string]: components["schemas"]["NoticeWay"];
            };
            zone?: string | null;
        };
        Objection: {
            /** @description What is missing, in 3 to 500 characters: the clinician reads it. */
            reason: string;
            /**
             * Format: int64
             * @description The version that was looked at.
             */
            version: number;
        };
        /** @description Where to send the browser. */
        Onward: {
            redirect: string;
        };
        /** @description An invitation that waits to be taken. */
        OpenInvitation: {
            /** Format: int64 */
            account: number;
            email: string;
            /** Format: date-time */
            expires: string;
            /** @description The administrator who asked first. */
            invitedBy: string | null;
            name: string;
            /** @description Its time is over: it opens nothing any more, and can be sent again. */
            over: boolean;
            /**
             * Format: date-time
             * @description When it was sent last.
             */
            sent: string;
        };
        Options: {
            /** @description Codes by e-mail, and with them recovery, are to be had. */
            emailCode: boolean;
            passkey: components["schemas"]["PasskeyOptions"];
            password: boolean;
            register: boolean;
        };
        Organization: {
            city?: string | null;
            id: string;
            /**
             * Format: int64
             * @description Accounts of people who work there.
             */
            members: number;
            name: string;
        };
        OrganizationRef: {
            id: string;
            name: string;
        };
        Organizations: {
            organizations: components["schemas"]["Organization"][];
        };
        /** @description The letters that a demonstration would have sent. */
        Outbox: {
            mails: components["schemas"]["OutboxMail"][];
        };
        OutboxMail: {
            /** Format: int64 */
            id: number;
            subject: string;
            text: string;
            /** Format: date-time */
            time: string;
            to: string;
        };
        /** @description Somebody, by logical id, named as they were named then. */
        Party: {
            id: string;
            name: string;
        };
        /** @description A passkey of mine. */
        Passkey: {
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            lastUsed: string | null;
            name: string;
            /** @description It can unlock sealed documents in the browser. */
            prf: boolean;
            /**
             * Format: date-time
             * @description It was made by recovery and opens nothing before.
             */
            readyAt: string | null;
            /** @description It may be on the owner's other devices too. */
            synced: boolean;
        };
        PasskeyOptions: {
            /** @description They work at the address this was asked at. */
            here: boolean;
            /** @description The address of this server at which they do. */
            openAt: string | null;
            /** @description The name that passkeys are bound to; null where this server has none. */
            rpId: string | null;
        };
        PasswordForm: {
            /**
             * Format: password
             * @description At least 8 characters, and none of the most common ones.
             */
            password: string;
        };
        PasswordSet: {
            /**
             * Format: date-time
             * @description Null: it counts now.
             */
            readyAt: string | null;
        };
        PasswordState: {
            /**
             * Format: date-time
             * @description A new password was set by recovery and counts from then on.
             */
            readyAt: string | null;
            set: boolean;
        };
        /** @description Whose record it is. */
        PatientHeader: {
            address?: string | null;
            /**
             * Format: int64
             * @description In whole years, at death if the person has died.
             */
            age: number | null;
            birthDate: string | null;
            deathDate?: string | null;
            /** @description Absent while the person lives, as far as anybody said. */
            deceased?: boolean | null;
            gender: string | null;
            id: string;
            language?: string | null;
            name: string;
            phone?: string | null;
            /** @description Where their picture is read; absent when there is none. */
            photo?: string | null;
        };
        /** @description What of an app's request is allowed. */
        Permit: {
            /**
             * Format: int64
             * @description How many days it may go on without me; with `offline_access` only.
             */
            days?: number | null;
            /** @description The FHIR id of the patient it is opened for; a patient opens it for themselves. */
            patient?: string | null;
            /** @description The scopes that stay, as they were asked for. */
            scopes: string[];
        };
        Photo: {
            /** @description Where it is read; it stands in `Patient.photo` too. */
            url: string;
        };
        PhotoForm: {
            /** @description A JPEG picture in base64: at most 200 kB, 1024 pixels wide and high, and without anything but a picture in it. */
            data: string;
        };
        /** @description A patient who lets the doctor in. */
        PlainPatient: {
            /**
             * Format: date-time
             * @description Until when the doctor may see the record; `null` until the patient ends it.
             */
            accessUntil: string | null;
            /** Format: int64 */
            age: number | null;
            /** Format: date */
            birthDate: string | null;
            /** @description The conditions that were looked for, as they are called in this record. */
            conditions: string[];
            gender: string | null;
            id: string;
            /** @description Where the record is. */
            link: string;
            name: string;
        };
        PlainPatients: {
            /** @description By name. */
            patients: components["schemas"]["PlainPatient"][];
        };
        /** @description One entry of a record. */
        PlainRecord: {
            /** @description Who made or measured it, as far as the entry says and the caller may know. */
            author: string | null;
            /** @description A year, a month, a day or an instant: as exact as it was written. */
            date: string | null;
            flag: components["schemas"]["Flag"] | null;
            id: string;
            /** @description What kind of data it is: the word that `kind` and `kinds` take. */
            kind: components["schemas"]["Category"];
            /** @description Where the whole entry is, as FHIR. */
            link: string;
            /** @description The FHIR status code. */
            status: string | null;
            /** @description The value in words, such as `120/80 mmHg`. */
            text: string | null;
            title: string;
            /** @description The FHIR type. */
            type: string;
            unit: string | null;
            /**
             * Format: double
             * @description Where the value is one number.
             */
            value: number | null;
        };
        /** @description A page of a record. */
        PlainRecords: {
            /** @description Goes into `before` for the next page; `null` at the end. */
            next: string | null;
            /** @description The id of the Patient whose record it is. */
            patient: string;
            /** @description Newest first; what has no date comes last. */
            records: components["schemas"]["PlainRecord"][];
        };
        Preview: {
            /** @description What this grant shows, by category. */
            counts: {
                [key: string]: number;
            };
            /** @description The first page of the timeline, exactly as the reader would see it. */
            groups: components["schemas"]["Group"][];
            /** @description What it does not show. */
            hidden: {
                [key: string]: number;
            };
            /** Format: int64 */
            hiddenTotal: number;
            /** Format: int64 */
            total: number;
        };
        Process: {
            /** Format: int64 */
            memoryBytes: number;
        };
        /** @description A value as it was read. */
        ReadValue: {
            box: components["schemas"]["DocumentBox"] | null;
            /** @description LOINC. */
            code: string | null;
            comparator: string | null;
            /** Format: double */
            confidence?: number;
            date: string | null;
            display: string | null;
            /** @description `H` or `L`, as printed. */
            flag: string | null;
            high: string | null;
            /** @description What was measured: as it is printed, until a person says what it is called. */
            label: string;
            low: string | null;
            /** Format: int64 */
            page: number | null;
            /** @description As it is printed, where a person said another name. */
            printed: string | null;
            qualitative: string | null;
            /** @description UCUM. */
            unit: string | null;
            unitPrinted: string | null;
            /** @description The digits as printed, with a point. */
            value: string | null;
        };
        /** @description How many resources there are of each type. */
        RecordCounts: {
            /** @description By FHIR type. */
            kinds: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description All of them, the Patient resource included.
             */
            total: number;
        };
        /** @description One resource of a record, in a line. */
        RecordEntry: {
            category: components["schemas"]["Category"];
            /** @description A year, a month, a day or an instant: as exact as it was written. */
            date: string | null;
            detail?: string | null;
            /** @description The document that the value was read from. */
            document?: string | null;
            /** @description The logical id. */
            id: string;
            /** @description The patient entered it themselves; left out where somebody else did. */
            own?: boolean;
            /** @description The FHIR status code. */
            status?: string | null;
            title: string;
            /** @description The FHIR type. */
            type: string;
            value?: unknown;
        };
        /** @description The form. Only `file` must be there. */
        RecordUpload: {
            /**
             * Format: date
             * @description The day it is of.
             */
            date?: string | null;
            /** Format: binary */
            file: string;
            /** @description A code or a name of `/api/document-kinds`, such as `Laboratory report`. */
            kind?: string | null;
            /** @description The clinic or laboratory it is from. */
            organization?: string | null;
            /** @description The id of the Patient, before the file. A patient who adds to their own record leaves it out. */
            patient?: string | null;
            /** @description With commas between. */
            tags?: string | null;
            title?: string | null;
        };
        RecoveryCodes: {
            /** @description Ten, each good once. They are shown this once. */
            codes: string[];
            /** Format: date-time */
            created: string;
        };
        RecoveryForm: {
            recoveryCode: string;
        };
        RecoveryState: {
            /** Format: date-time */
            created: string | null;
            /** Format: int64 */
            left: number;
        };
        RedraftForm: {
            changes: components["schemas"]["ChangeForm"][];
            reason: string;
        };
        /** @description The usual range, as the sender of the latest reading gave it. */
        Reference: {
            /** Format: double */
            high?: number | null;
            /** Format: double */
            low?: number | null;
        };
        /**
         * @description Who put it on the list.
         * @enum {string}
         */
        Registered: "managed" | "dynamic";
        /** @description An app on the list. */
        RegisteredApp: {
            /** @description Its tokens are bound to a key. */
            bound: boolean;
            clientId: string;
            /** @description It waits, and it is the caller who may confirm it. */
            confirmable: boolean;
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            /** @description Where it publishes them. */
            jwksUri?: string | null;
            /** @description Public keys it signs with. */
            keys: number;
            kind: components["schemas"]["AppKind"];
            launchUri?: string | null;
            name: string;
            organization?: string | null;
            /**
             * Format: int64
             * @description People who let it in, as far as it still stands.
             */
            permissions: number;
            redirectUris: string[];
            registered: components["schemas"]["Registered"];
            /** @description Who put a program without people on the list. */
            registeredBy?: string | null;
            scope?: string | null;
            /** @description `active`, `revoked`, or `waiting` for another administrator than who registered it. */
            state: string;
        };
        RegisteredApps: {
            apps: components["schemas"]["RegisteredApp"][];
        };
        /** @description What a patient fills in to register. */
        Registration: {
            /** Format: date */
            birthDate: string;
            /** Format: email */
            email: string;
            family: string;
            /** @description `female`, `male`, `other` or `unknown`. */
            gender: string;
            given: string;
            /**
             * Format: password
             * @description At least 8 characters.
             */
            password: string;
            session?: components["schemas"]["SessionKind"];
        };
        /** @description A practitioner asks a patient for access. */
        RequestForm: {
            /** @description `null` means every kind of data. */
            categories: components["schemas"]["Category"][] | null;
            /**
             * Format: int64
             * @description For how long access is asked.
             */
            days: number;
            /** @description The patient's e-mail address or share code. */
            patient: string;
            reason: string;
        };
        /** @enum {string} */
        RequestState: "open" | "granted" | "declined";
        /** @description Who asks. */
        Requester: {
            /** @description Where they work. */
            detail: string | null;
            id: string;
            name: string;
            type: components["schemas"]["GranteeType"];
        };
        /** @description Since the start. */
        Requests: {
            /** Format: int64 */
            errors: number;
            /** Format: int64 */
            total: number;
        };
        Restriction: {
            /**
             * Format: date-time
             * @description Since when nobody else opens the record; `null` while sharing goes on.
             */
            since?: string | null;
        };
        ReviewForm: {
            finding: components["schemas"]["Finding"];
            /** @description For the patient and the practitioner; required when it was not justified. */
            note?: string | null;
        };
        RoleForm: {
            /** @description `practitioner` or `administrator`. */
            role: string;
        };
        SealedChange: {
            /** @description The new description, sealed in the epoch that the document is of. */
            detail: string;
        };
        SealedCompartment: {
            compartment: components["schemas"]["Compartment"];
            /** @description Whether somebody holds the current key who may not open it any more: a new one is due. */
            due: boolean;
            /**
             * Format: int64
             * @description The current one; 0 before the first.
             */
            epoch: number;
            keys: components["schemas"]["SealedKey"][];
            readers: components["schemas"]["SealedReaderState"][];
        };
        /** @description A sealed document, as far as the server knows it. */
        SealedDocument: {
            /** Format: date-time */
            added: string;
            compartment: components["schemas"]["Compartment"];
            /** @description Its name, kind, date, tags and the key of its file, for those who hold the key of the compartment. */
            detail: string;
            /** Format: int64 */
            epoch: number;
            id: string;
            /**
             * Format: int64
             * @description What its file takes here, in bytes: full pieces.
             */
            size: number;
        };
        SealedKey: {
            compartment: components["schemas"]["Compartment"];
            /** Format: int64 */
            epoch: number;
            signature: string;
            wrap: string;
        };
        /** @description The key of a compartment, wrapped for a reader and signed by the patient. */
        SealedKeyForm: {
            /** @description The code of the reader's public keys. */
            code: string;
            /** @description The id of the Practitioner; `null` for the patient. */
            reader?: string | null;
            signature: string;
            wrap: string;
        };
        SealedKeysForm: {
            /**
             * Format: int64
             * @description One that stands, for further readers; or the next one, which the patient's own key comes with.
             */
            epoch: number;
            keys: components["schemas"]["SealedKeyForm"][];
        };
        /** @description A reader of a compartment, and which keys were handed over. */
        SealedReaderState: {
            /** @description The code of their public keys; `null` while they have no vault. */
            code: string | null;
            /** @description The epochs whose key was wrapped for exactly these public keys. */
            epochs: number[];
            practitioner: components["schemas"]["Party"];
            /** Format: date-time */
            until: string | null;
        };
        /** @description The sealed documents of a record that the caller may open, and the keys that were wrapped for them. */
        SealedRecord: {
            /** @description Newest first. */
            documents: components["schemas"]["SealedDocument"][];
            keys: components["schemas"]["SealedKey"][];
            /**
             * Format: int64
             * @description The largest file that is taken, in bytes, before it is sealed.
             */
            maxBytes: number;
            /** @description Whether the caller may add, rename and delete. */
            mayChange: boolean;
            /** @description What the patient signs with; `null` while they have no vault. */
            signKey: string | null;
        };
        Sealing: {
            compartments: components["schemas"]["SealedCompartment"][];
        };
        Section: {
            category: components["schemas"]["Category"];
            /** @description LOINC. */
            code: string;
            /** @description What an empty section means. */
            empty?: string | null;
            /** @description What is going on first, then the newest. */
            entries: components["schemas"]["SummaryEntry"][];
            title: string;
            /** @description What whoever reads it must know before; absent where there is nothing. */
            warning?: string | null;
        };
        SeenVersion: {
            /**
             * Format: int64
             * @description The version that the patient has seen.
             */
            version: number;
        };
        Sent: {
            /** @description Always `sent`: whether it reached anybody is not said. */
            status: string;
        };
        Series: {
            /** @description The ids of those points and limits that the patient entered, or a program for them. */
            byPatient?: string[];
            code: string;
            /** @description Those of these milliseconds that are the beginning, in UTC, of a day without a time of day. */
            days?: number[];
            display: string;
            /** @description Readings that say only a limit, oldest first: they are not among the points. */
            limits?: components["schemas"]["Limit"][];
            /** @description Readings in another unit than the points that is no exact multiple of theirs, or in none: they are not among them. */
            otherUnits?: number | null;
            /** @description Oldest first: milliseconds since 1970, the number, and the id of the Observation. */
            points: [
                number,
                number,
                string
            ][];
            reference: components["schemas"]["Reference"] | null;
            /** @description How many readings there are in the period, when not all of them are among the points. */
            thinned?: number | null;
            unit: string | null;
        };
        /** @enum {string} */
        SeriesCategory: "vital" | "result";
        SeriesHead: {
            category: components["schemas"]["SeriesCategory"];
            code: string;
            /** @description Entries of this code, by the index. */
            count: number;
            display: string;
            /** Format: date-time */
            first: string;
            /** @description The newest that is in a unit; where none is, the newest. */
            latest: components["schemas"]["Latest"];
            /** @description The last readings in the unit of the latest, oldest first: milliseconds since 1970 and the number. */
            spark: [
                number,
                number
            ][];
            unit: string | null;
        };
        SeriesList: {
            /** @description Vital signs first; within each, what was measured last comes first. */
            series: components["schemas"]["SeriesHead"][];
        };
        /** @description Who is signed in; only `account`, and that null, when nobody is. */
        Session: {
            account: components["schemas"]["Account"] | null;
            /** Format: date-time */
            confirmedUntil?: string | null;
            /** Format: date-time */
            expires?: string | null;
            /** Format: int64 */
            idleSeconds?: number | null;
            limited?: boolean | null;
            method?: components["schemas"]["SignInMethod"] | null;
        };
        /**
         * @description How a session's secret travels.
         * @enum {string}
         */
        SessionKind: "cookie" | "token";
        Sessions: {
            sessions: components["schemas"]["Device"][];
        };
        ShareCode: {
            /** @description Eight letters and digits, to be told to whoever is to ask. */
            code: string;
        };
        /** @description Somebody of a provider's as whom I can sign in. */
        SignInConnection: {
            /** @description Whether the provider can be used now: the operator may have taken it out of the settings. */
            available: boolean;
            /** Format: date-time */
            created: string;
            /** @description The address that the provider has of me. */
            email: string | null;
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            lastUsed: string | null;
            /** @description What the provider is called. */
            provider: string;
        };
        SignInConnections: {
            links: components["schemas"]["SignInConnection"][];
        };
        /**
         * @description How somebody proved who they are.
         * @enum {string}
         */
        SignInMethod: "password" | "passkey" | "code" | "recovery" | "face" | "token" | "federated";
        SignInProvider: {
            /** @description What it is called in addresses. */
            id: string;
            name: string;
        };
        SignInProviders: {
            providers: components["schemas"]["SignInProvider"][];
        };
        SignInThere: {
            /** @description Where to send the browser. */
            address: string;
        };
        /**
         * @description Whether something was going on on a day.
         * @enum {string}
         */
        Standing: "no" | "unclear" | "yes";
        /** @enum {string} */
        State3: "ok" | "warn" | "error";
        /** @description What the text suggests to say of a document. */
        Suggestions: {
            /** @default null */
            date: string | null;
            /** @default null */
            kind: components["schemas"]["DocumentKind"] | null;
            /** @default null */
            organization: string | null;
            /** @default null */
            title: string | null;
        };
        Summary: {
            patient: components["schemas"]["PatientHeader"];
            sections: components["schemas"]["Section"][];
        };
        SummaryEntry: components["schemas"]["RecordEntry"] & {
            /** @description Whether it is going on; absent where that is no question. */
            active?: boolean | null;
            /** @description How many entries of the same code stand behind this one, itself included; absent when it is the only one. */
            times?: number | null;
        };
        TagCount: {
            /** Format: int64 */
            count: number;
            tag: string;
        };
        Timeline: {
            counts?: {
                [key: string]: number;
            } | null;
            /** @description Newest first. A visit that is longer than a page is on the next page again. */
            groups: components["schemas"]["Group"][];
            /** @description Where the next page begins. */
            next: string | null;
            /** Format: int64 */
            total?: number | null;
            /** @description Over all that can be seen, whatever was asked for; on the first page only. Newest first. */
            years?: components["schemas"]["Year"][] | null;
        };
        /** @description What a timeline can be narrowed to beside kinds, areas and days. */
        TimelineChoices: {
            /**
             * Format: int64
             * @description Values out of the usual range.
             */
            abnormal: number;
            /** @description Those that most entries are from first. */
            sources: components["schemas"]["TimelineSource"][];
        };
        TimelineMonth: {
            /** Format: int64 */
            count: number;
            /** @description `2024-03` */
            month: string;
        };
        TimelineOutline: {
            /**
             * Format: int64
             * @description Over all that can be seen, whatever was asked for.
             */
            all: number;
            categories: {
                [key: string]: number;
            };
            labels: {
                [key: string]: number;
            };
            /** @description Newest first; only months in which there is something. */
            months: components["schemas"]["TimelineMonth"][];
            /**
             * Format: int64
             * @description Entries under these conditions.
             */
            total: number;
            /**
             * Format: int64
             * @description Entries that say no date.
             */
            undated: number;
            /** @description Newest first. */
            windows: components["schemas"]["TimelineWindow"][];
        };
        /** @description Somebody or some place that entries are from. */
        TimelineSource: {
            /** Format: int64 */
            count: number;
            /** @description `null` for the patient. */
            name: string | null;
            /** @description What goes into `by`: a reference into the directory, or `patient`. */
            source: string;
        };
        /** @description Some days of a record: small enough to be fetched at once, unless one day alone is longer. */
        TimelineWindow: {
            /** Format: int64 */
            count: number;
            /**
             * Format: date
             * @description First and last day on which there is something.
             */
            from: string;
            /** Format: date */
            to: string;
        };
        /** @description Uploads that came in part. */
        Unfinished: {
            /** @description The newest first. */
            items: components["schemas"]["UnfinishedUpload"][];
        };
        /** @description An upload that came in part: `HEAD` its address, and go on there. */
        UnfinishedUpload: {
            /** @description `/api/uploads/7` */
            address: string;
            /** @description When it is given up. */
            expires: string;
            /** @description What its sender said to know the file again. */
            fingerprint?: string | null;
            /** @description The name of the file. */
            name: string;
            /** Format: int64 */
            received: number;
            /** Format: int64 */
            size: number;
        };
        User: {
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            lastSeen: string | null;
            name: string;
            organizations: components["schemas"]["OrganizationRef"][];
            /**
             * Format: date-time
             * @description The password is still the one that an administrator chose, and opens the account until then. Afterwards they are invited
             *     like anybody who has no way in: `POST /api/admin/invitations/{account}/resend`.
             */
            passwordChangeBy?: string | null;
            /** @enum {string} */
            role: "patient" | "practitioner" | "administrator" | "service";
            state: components["schemas"]["UserState"];
            username: string;
        };
        /** @enum {string} */
        UserState: "active" | "locked";
        Users: {
            /**
             * Format: int64
             * @description Give it as `before` for the next page.
             */
            next: number | null;
            total: number;
            users: components["schemas"]["User"][];
        };
        /** @description A value as a person says it is. */
        ValueForm: {
            /** @description LOINC, or `null` for one that has no code. */
            code?: string | null;
            comparator?: string | null;
            /** @description The day it is of. */
            date: string;
            high?: string | null;
            label: string;
            low?: string | null;
            qualitative?: string | null;
            unit?: string | null;
            value?: string | null;
        };
        /**
         * @description What is done with a proposed value.
         * @enum {string}
         */
        ValueState: "proposed" | "confirmed" | "skipped";
        Vault: {
            boxKey: string;
            /** @description Sixteen letters that follow from the public keys. */
            code: string;
            /** Format: date-time */
            created: string;
            /** @description Who holds a share of its key. */
            guardians: components["schemas"]["VaultGuardian"][];
            keys: string;
            salt: string;
            signKey: string;
            ways: components["schemas"]["VaultWay"][];
        };
        VaultAnswerForm: {
            wrap: string;
        };
        /** @description A vault as its owner's browser made it. */
        VaultForm: {
            /** @description X25519: what is meant for the owner is wrapped for it. */
            boxKey: string;
            /** @description The private keys, under a key that is under each way. */
            keys: string;
            /** @description What passkeys derive their secret from. */
            salt: string;
            /** @description Ed25519: the owner signs what they wrap for others. */
            signKey: string;
            /** @description One of them is the recovery code. */
            ways: components["schemas"]["VaultWayForm"][];
        };
        VaultGuardian: {
            code: string;
            /** Format: date-time */
            created: string;
            name: string;
        };
        /** @description Three guardians, of whom two open the vault; or nobody. */
        VaultGuardiansForm: {
            guardians: components["schemas"]["VaultShareForm"][];
        };
        VaultOpening: {
            /** @description What came back: for the owner. */
            answers: components["schemas"]["VaultOpeningAnswer"][];
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            expires: string;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["VaultOpeningKind"];
            /** @description Who asks. */
            name: string;
            publicKey: string;
            /** @description The guardian's own share, wrapped for them: for a guardian who has not answered. */
            share: string | null;
        };
        VaultOpeningAnswer: {
            /** @description Who gave it. */
            name: string;
            wrap: string;
        };
        /** @description A device asks to be let into its owner's vault. */
        VaultOpeningForm: {
            kind: components["schemas"]["VaultOpeningKind"];
            /** @description X25519, made for this. */
            publicKey: string;
        };
        /** @enum {string} */
        VaultOpeningKind: "device" | "guardians";
        VaultOpenings: {
            /** @description Of vaults that the caller is a guardian of. */
            asked: components["schemas"]["VaultOpening"][];
            /** @description Of the caller's own vault. */
            own: components["schemas"]["VaultOpening"][];
        };
        /** @description Somebody's public keys. */
        VaultPublicKeys: {
            boxKey: string;
            code: string;
            logged: components["schemas"]["LoggedKeys"] | null;
            name: string;
            /** @description The id of the Practitioner, if it is one. */
            practitioner: string | null;
            signKey: string;
        };
        VaultShareForm: {
            /** @description The code of the guardian's own vault. */
            code: string;
            /** @description A share of the key, wrapped for the guardian. */
            wrap: string;
        };
        VaultWay: {
            /** Format: date-time */
            created: string;
            credential: string | null;
            /** Format: int64 */
            id: number;
            kind: components["schemas"]["VaultWayKind"];
            name: string;
            wrap: string;
        };
        /** @description A way into a vault: its key under a secret that only the owner has. */
        VaultWayForm: {
            /** @description Of a passkey: which one it is. */
            credential?: string | null;
            kind: components["schemas"]["VaultWayKind"];
            /** @description What its owner calls it; at most 60 characters. */
            name: string;
            wrap: string;
        };
        /** @enum {string} */
        VaultWayKind: "passkey" | "recovery";
        /** @description A clinician's verification, as they and the administrators see it. */
        Verification: {
            /** Format: int64 */
            account: number;
            /** Format: date-time */
            changed: string;
            checks: components["schemas"]["VerificationCheck"][];
            details: components["schemas"]["ClinicianDetails"] | null;
            documents: components["schemas"]["Credential"][];
            email: string | null;
            invitedBy: string | null;
            locked: boolean;
            /** @description What has to be there before it can be handed in: `details`, `documents`. */
            missing: string[];
            name: string;
            organizations: components["schemas"]["OrganizationRef"][];
            returned: components["schemas"]["VerificationReturn"] | null;
            state: components["schemas"]["VerificationState"];
            username: string;
            /**
             * Format: int64
             * @description Say it when answering: what was looked at must be what is answered.
             */
            version: number;
        };
        /** @description A check as it is shown. */
        VerificationCheck: {
            /** @description It was the caller's own. */
            mine: boolean;
            name: string;
            /** Format: date-time */
            time: string;
        };
        /** @description Why it came back. */
        VerificationReturn: {
            name: string;
            reason: string;
            /** Format: date-time */
            time: string;
        };
        /** @enum {string} */
        VerificationState: "draft" | "waiting" | "checked" | "returned" | "verified";
        Verifications: {
            /** @description The longest waiting first. */
            verifications: components["schemas"]["Verification"][];
            /**
             * Format: int64
             * @description How many wait for an administrator, whatever was asked for.
             */
            waiting: number;
        };
        /** @description What checking the whole log found. */
        Verified: {
            detail: string;
            ok: boolean;
            /** Format: int64 */
            size: number;
            /** Format: date-time */
            time: string;
        };
        /** @description A visit that entries belong to. */
        Visit: {
            /** @description `ambulatory`, `emergency`, `inpatient`, `virtual`, `home`, or another word. */
            class: string;
            end: string | null;
            /** @description The logical id of the Encounter. */
            id: string;
            organization: string | null;
            practitioner: string | null;
            reason: string | null;
            start: string;
            title: string;
        };
        /** @description Half an hour of changes without a code for each. */
        VisitEditSession: {
            /**
             * Format: date-time
             * @description Until when a code for it is good; `null` when there is none, or none any more.
             */
            codeUntil: string | null;
            /** Format: date-time */
            created: string;
            /** Format: int64 */
            id: number;
            organization: string | null;
            patient: components["schemas"]["Party"];
            practitioner: components["schemas"]["Party"];
            state: components["schemas"]["VisitState"];
            /**
             * Format: date-time
             * @description When it ends or ended, once it was opened.
             */
            until: string | null;
        };
        VisitForm: {
            /** @description The id of the patient. */
            patient: string;
        };
        VisitSessions: {
            /** @description Newest first. */
            sessions: components["schemas"]["VisitEditSession"][];
        };
        /** @enum {string} */
        VisitState: "waiting" | "open" | "ended";
        /** @description How I can confirm that it is me. */
        Ways: {
            /** @description Of `passkey`, `password` and `recovery-code`, the better ones first. */
            methods: string[];
            passkey: components["schemas"]["Ceremony"] | null;
        };
        /** @description One thing an app asks for. */
        Wish: {
            /** @description `data`, or `identity`, `name`, `patient`, `launch`, `offline`, `online`. */
            about: string;
            conditions?: components["schemas"]["Condition"][];
            /** @description The FHIR type; every type when it is left out. */
            kind?: string | null;
            /** @description Without it the app cannot be opened at all. */
            needed: boolean;
            /** @description `create`, `read`, `update`, `delete`, `search`. */
            operations?: string[];
            /** @description As the app wrote it; send back those that stay. */
            scope: string;
            /** @description For data: `patient` (one record) or `user` (whatever I may see). */
            whose?: string | null;
        };
        Year: {
            /** Format: int64 */
            count: number;
            /** Format: int64 */
            year: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
