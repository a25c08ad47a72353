import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sayError } from '../../api/errors.ts';
import { showToast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/index.ts';

/**
 * A change on the server: says what came of it, and loads anew what depends on it. `run` resolves also when it
 * failed; then `onDone` is not called. What the form says of a failure itself, at its place, `saysItself` tells.
 */
export function useChange<Input>(
  change: (input: Input) => Promise<unknown>,
  {
    keys,
    said,
    onDone,
    saysItself,
  }: {
    keys: readonly string[];
    said?: string;
    onDone?: () => void;
    saysItself?: (error: unknown) => boolean;
  },
) {
  const t = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      if (said !== undefined) showToast(said);
      onDone?.();
    },
    onError: (error) => {
      if (saysItself?.(error) !== true) showToast(sayError(error, t));
    },
  });
}
