import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { wordProblem } from './problem-words';

const closeButton = () => ({ 'aria-label': i18next.t('close', { ns: 'ui' }) });

/** A short word in the corner that something was done. */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'accent', autoClose: 5000, closeButtonProps: closeButton() });
}

/** A refusal of something the person just asked; a list that cannot load uses `ErrorState` instead. */
export function tellProblem(error: unknown): void {
  const words = wordProblem(error);
  notifications.show({
    title: words.title,
    message: words.advice,
    color: 'red',
    autoClose: 10_000,
    closeButtonProps: closeButton(),
  });
}
