import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { patientPhoto } from "@/api/record";
import { Avatar } from "@/ui/Avatar";

interface PhotoProps {
  patient: string;
  name: string;
  /** Where the picture is read; without one the initials stand there. */
  url: string | null | undefined;
  large?: boolean;
}

/** A patient's picture, or their initials. The name always stands beside it. */
export function PatientPhoto({ patient, name, url, large }: PhotoProps) {
  const picture = useQuery({ ...patientPhoto(patient, url ?? ""), enabled: Boolean(url) });
  const [address, setAddress] = useState<string>();
  const blob = url ? picture.data : undefined;
  useEffect(() => {
    if (!blob) return setAddress(undefined);
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return <Avatar name={name} large={large} picture={address} />;
}
