/**
 * Asks in which form a version is taken away, and where to.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersion } from '../../api/registry';
import { proposedPath } from '../../models/exportwish';
import type { IExportWish } from '../../models/exportwish';
import { FormEnd } from './FormEnd';
import { FormFrame } from './FormFrame';

const PICKLES = ['pickle', 'loader'];
const SOURCES = ['torch'];

export interface IExportFormProps {
  version: IVersion;
  /** The forms that take its flavor. */
  targets: readonly string[];
  workspace: string;
  /** Why it was refused; empty when it is done. */
  onExport: (wish: IExportWish) => Promise<string>;
  onEnd: () => void;
  trans: TranslationBundle;
}

export function ExportForm(props: IExportFormProps): React.JSX.Element {
  const { onEnd, targets, trans, version, workspace } = props;
  const [to, setTo] = React.useState(targets[0] ?? '');
  const [typed, setTyped] = React.useState<string | null>(null);
  const [words, setWords] = React.useState({
    replace: false,
    allow_pickle: false,
    allow_code: false
  });
  const [problem, setProblem] = React.useState('');
  const [isBusy, setBusy] = React.useState(false);
  const path = typed ?? proposedPath(version, to, workspace);
  const title = trans.__('Export version %1', version.version);
  const submit = async (): Promise<void> => {
    setProblem('');
    setBusy(true);
    const refusal = await props.onExport({ to, path: path.trim(), ...words });
    if (refusal === '') {
      onEnd();
    } else {
      setBusy(false);
      setProblem(refusal);
    }
  };
  const check = (name: keyof typeof words, label: string): React.ReactNode => (
    <label className="jp-Mlops-formCheck">
      <input
        type="checkbox"
        checked={words[name]}
        onChange={event => setWords({ ...words, [name]: event.target.checked })}
      />
      {label}
    </label>
  );
  return (
    <FormFrame
      title={title}
      hasHeading
      isBusy={isBusy}
      onSubmit={submit}
      onCancel={onEnd}
    >
      <label className="jp-Mlops-formField">
        <span>{trans.__('Form')}</span>
        <select
          className="jp-mod-styled"
          autoFocus
          value={to}
          onChange={event => setTo(event.target.value)}
        >
          {targets.map(name => (
            <option value={name} key={name}>
              {targetWord(name, trans)}
            </option>
          ))}
        </select>
      </label>
      <label className="jp-Mlops-formField">
        <span>{trans.__('To')}</span>
        <input
          className="jp-mod-styled"
          value={path}
          required
          spellCheck={false}
          onChange={event => setTyped(event.target.value)}
        />
        <small>{trans.__('A path in the folder that JupyterLab shows.')}</small>
      </label>
      {check(
        'replace',
        trans.__('Replace what an earlier export of this model put there')
      )}
      {PICKLES.includes(version.flavor) &&
        check(
          'allow_pickle',
          trans.__(
            'It is a pickle: whoever loads it there runs its code, unasked'
          )
        )}
      {SOURCES.includes(version.flavor) &&
        check(
          'allow_code',
          trans.__('Run the source that is kept with the model, to convert it')
        )}
      {problem && (
        <p className="jp-Mlops-error" role="alert">
          {problem}
        </p>
      )}
      <FormEnd
        accept={isBusy ? trans.__('Exporting…') : trans.__('Export')}
        isDisabled={isBusy || path.trim() === ''}
        onCancel={onEnd}
        trans={trans}
      />
    </FormFrame>
  );
}

/** A form in the user's language. */
function targetWord(name: string, trans: TranslationBundle): string {
  const words: { [name: string]: string } = {
    mlflow: trans.__('MLflow model (a folder)'),
    onnx: trans.__('ONNX (a file)'),
    tensorflow: trans.__('TensorFlow Serving (a folder)'),
    torchserve: trans.__('TorchServe archive (a file)'),
    v2: trans.__('Open Inference repository: MLServer, KServe (a folder)'),
    docker: trans.__('Small server with a Dockerfile (a folder)')
  };
  return words[name] ?? name;
}
