import { useMutation, useQueryClient } from "@tanstack/react-query";
import { finishPasskey, methods, startPasskey } from "@/api/identity";
import { makePasskey } from "@/lib/webauthn";

/** Makes a passkey on this device and keeps it for the account that is signed in. */
export function useNewPasskey(onDone: (readyAt: string | null) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { ceremony, options } = await startPasskey();
      return finishPasskey(ceremony, await makePasskey(options));
    },
    onSuccess: (passkey) => {
      client.invalidateQueries({ queryKey: methods.queryKey });
      onDone(passkey.readyAt);
    },
  });
}
