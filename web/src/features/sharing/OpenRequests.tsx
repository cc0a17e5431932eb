import { useQuery } from "@tanstack/react-query";
import { accessRequests } from "@/api/consent";
import { RequestCard } from "./RequestCard";

/** For the home page: the requests that wait for an answer, oldest first, so that none is forgotten. */
export function OpenRequests({ most }: { most: number }) {
  const requests = useQuery(accessRequests);
  const open = requests.data?.filter((request) => request.state === "open") ?? [];
  return open
    .sort((a, b) => a.created.localeCompare(b.created))
    .slice(0, most)
    .map((request) => <RequestCard key={request.id} request={request} />);
}
