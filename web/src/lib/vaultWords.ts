// The words of sealed documents, which come with their pages and not with the first screen.
import vault from "@/locales/en.vault.json";
import i18next from "./i18n";

i18next.addResourceBundle("en", "translation", vault, true, true);
