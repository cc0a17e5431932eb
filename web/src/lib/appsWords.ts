// The words of connected apps, of developers and of the face check, which come with their pages and not with the first screen.
import apps from "@/locales/en.apps.json";
import i18next from "./i18n";

i18next.addResourceBundle("en", "translation", apps, true, false);
