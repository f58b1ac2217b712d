/**
 * What can be done with the version that is looked at.
 */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVersionDetails, IVersions } from '../../api/registry';
import type { VersionsModel } from '../../models/versions';
import { exportVersion } from '../../models/exportwish';
import type { IExportWish } from '../../models/exportwish';
import { AliasRemoval } from './AliasRemoval';
import { ExportForm } from './ExportForm';
import { FormEnd } from './FormEnd';
import { FormFrame } from './FormFrame';
import { PromotionForm } from './PromotionForm';

export interface IVersionActionsProps {
  model: VersionsModel;
  found: IVersions;
  details: IVersionDetails;
  /** Null while no notebook is open. */
  onInsert: (code: string) => void;
  canInsert: () => boolean;
  onCopy: (code: string) => void;
  onRun: (run: string) => void;
  trans: TranslationBundle;
}

type Asked = 'approve' | 'archive' | 'alias' | 'export' | null;

export function VersionActions(props: IVersionActionsProps): React.JSX.Element {
  const { model, details, found, trans } = props;
  const { version } = details;
  const [asked, setAsked] = React.useState<Asked>(null);
  const first = React.useRef<HTMLButtonElement>(null);
  React.useEffect(() => setAsked(null), [version.version]);
  const end = (): void => {
    setAsked(null);
    first.current?.focus();
  };
  const own = details.approvals.find(one => one.by === found.you.name);
  return (
    <div className="jp-Mlops-versionActions">
      <div
        className="jp-Mlops-actionBar"
        role="toolbar"
        aria-label={trans.__('Version %1', version.version)}
      >
        <button
          ref={first}
          className="jp-mod-styled"
          disabled={version.archived}
          onClick={() => {
            setAsked(null);
            model.beginPromotion();
          }}
        >
          {trans.__('Promote…')}
        </button>
        <button className="jp-mod-styled" onClick={() => setAsked('approve')}>
          {own ? trans.__('Take approval back…') : trans.__('Approve…')}
        </button>
        <button className="jp-mod-styled" onClick={() => setAsked('archive')}>
          {version.archived ? trans.__('Bring back…') : trans.__('Archive…')}
        </button>
        {version.aliases.length > 0 && (
          <button className="jp-mod-styled" onClick={() => setAsked('alias')}>
            {trans.__('Take alias away…')}
          </button>
        )}
        <button
          className="jp-mod-styled"
          disabled={model.isVerifying || version.run_id === null}
          title={trans.__('Make it again from its recipe, and compare')}
          onClick={() => void model.verify()}
        >
          {model.isVerifying ? trans.__('Verifying…') : trans.__('Verify')}
        </button>
        <button
          className="jp-mod-styled"
          disabled={details.exports.length === 0}
          title={
            details.exports.length === 0
              ? trans.__('No other form takes models of this kind')
              : trans.__('Write it in the form that other software loads')
          }
          onClick={() => setAsked('export')}
        >
          {trans.__('Export…')}
        </button>
        <button
          className="jp-mod-styled"
          title={details.load}
          onClick={() =>
            props.canInsert()
              ? props.onInsert(details.load)
              : props.onCopy(details.load)
          }
        >
          {props.canInsert()
            ? trans.__('Insert loading code')
            : trans.__('Copy loading code')}
        </button>
      </div>
      {model.promotion && (
        <PromotionForm
          promotion={model.promotion}
          found={found}
          onRun={props.onRun}
          onEnd={isMoved => {
            model.endPromotion();
            if (isMoved) {
              void model.refresh();
            }
            first.current?.focus();
          }}
          trans={trans}
        />
      )}
      {asked === 'approve' && (
        <ReasonForm
          title={
            own ? trans.__('Take your approval back') : trans.__('Approve')
          }
          hasAlias={!own}
          found={found}
          onDo={(reason, alias) =>
            model.approve(own?.alias ?? alias, reason, own !== undefined)
          }
          onEnd={end}
          trans={trans}
        />
      )}
      {asked === 'archive' && (
        <ReasonForm
          title={
            version.archived
              ? trans.__('Bring version %1 back', version.version)
              : trans.__('Archive version %1', version.version)
          }
          found={found}
          onDo={reason => model.archive(reason, version.archived)}
          onEnd={end}
          trans={trans}
        />
      )}
      {asked === 'alias' && (
        <AliasRemoval
          aliases={version.aliases}
          onRemove={alias => model.removeAlias(alias)}
          onEnd={end}
          trans={trans}
        />
      )}
      {asked === 'export' && (
        <ExportForm
          version={version}
          targets={details.exports}
          workspace={model.workspace}
          onExport={wish => exported(model, details, wish)}
          onEnd={end}
          trans={trans}
        />
      )}
      {model.notice && (
        <p
          className={model.notice.isError ? 'jp-Mlops-error' : ''}
          role={model.notice.isError ? 'alert' : 'status'}
        >
          {model.notice.sentence}
        </p>
      )}
    </div>
  );
}

/** Take it away, and say so; why not, when that was refused. */
async function exported(
  model: VersionsModel,
  { version }: IVersionDetails,
  wish: IExportWish
): Promise<string> {
  try {
    const { client, workspace } = model;
    model.say(await exportVersion(client, workspace, version, wish));
    await model.refresh();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Asks why, and for what. */
function ReasonForm(props: {
  title: string;
  hasAlias?: boolean;
  found: IVersions;
  onDo: (reason: string, alias: string) => Promise<boolean>;
  onEnd: () => void;
  trans: TranslationBundle;
}): React.JSX.Element {
  const { found, trans } = props;
  const [reason, setReason] = React.useState('');
  const [alias, setAlias] = React.useState('');
  const submit = async (): Promise<void> => {
    if (await props.onDo(reason, alias)) {
      props.onEnd();
    }
  };
  return (
    <FormFrame
      title={props.title}
      hasHeading
      onSubmit={submit}
      onCancel={props.onEnd}
    >
      {props.hasAlias && (
        <label className="jp-Mlops-formField">
          <span>{trans.__('For')}</span>
          <select
            className="jp-mod-styled"
            value={alias}
            onChange={event => setAlias(event.target.value)}
          >
            <option value="">{trans.__('every alias')}</option>
            {found.rules.map(one => (
              <option value={one.alias} key={one.alias}>
                {one.alias}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="jp-Mlops-formField">
        <span>{trans.__('Reason')}</span>
        <textarea
          className="jp-mod-styled"
          rows={2}
          autoFocus
          value={reason}
          placeholder={trans.__("Why? It is kept in the model's history.")}
          onChange={event => setReason(event.target.value)}
        />
      </label>
      <FormEnd
        accept={props.title}
        you={found.you}
        onCancel={props.onEnd}
        trans={trans}
      />
    </FormFrame>
  );
}
