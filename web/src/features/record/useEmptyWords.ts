import { useQuery } from "@tanstack/react-query";
import { session } from "@/api/auth";
import { summary } from "@/api/record";
import type { Category } from "@/api/types";
import { openProfile } from "@/lib/profile";

/** What it means that nothing of a kind is there, in the server's words: in somebody else's record it may be that it is not part of
 * one's access. Nothing for one's own record, and none is asked for where there is something. */
export function useEmptyWords(patient: string, category: Category, empty: boolean): string | undefined {
  const { data: current } = useQuery(session);
  const own = current?.account.patient === patient && openProfile() === null;
  const found = useQuery({ ...summary(patient), enabled: empty && current !== undefined && !own });
  if (own || !empty) return undefined;
  return (
    found.data?.sections.find((section) => section.category === category && section.entries.length === 0)?.empty ??
    undefined
  );
}
