// The words of the log of who read a record and of its check, which come with that page and not with the first screen.
import ledger from "@/locales/en.ledger.json";
import i18next from "./i18n";

i18next.addResourceBundle("en", "translation", ledger, true, false);
