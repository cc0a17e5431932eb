import { useQuery } from "@tanstack/react-query";
import { edits } from "@/api/edits";
import { EditCard } from "./EditCard";

/** For the home page: changes that wait for the patient, oldest first. */
export function OpenEdits({ most }: { most: number }) {
  const list = useQuery(edits);
  const open = list.data?.filter((each) => each.state === "waiting") ?? [];
  return open
    .sort((a, b) => a.created.localeCompare(b.created))
    .slice(0, most)
    .map((edit) => <EditCard key={edit.id} edit={edit} patient />);
}
