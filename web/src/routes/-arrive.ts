import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { session } from "@/api/auth";
import { homeOf } from "./-guard";

/** What happens after signing in: nothing of another account stays in memory, and one lands where one wanted to go. */
export function useArrive(next?: string): () => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  return async () => {
    client.clear();
    const current = await client.fetchQuery(session);
    if (!current) return;
    const path = next && /^\/(?![/\\])/.test(next) ? next : homeOf(current);
    router.history.push(path);
  };
}
