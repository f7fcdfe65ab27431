import { Dialog } from "@/design/Dialog";
import { KeyCaps } from "@/design/keys/KeyCaps";
import { useKeyRegistry } from "@/design/keys/use-keys";

type Props = { readonly open: boolean; readonly onClose: () => void };

/** Every key that works on this page, by what it belongs to. */
export function KeysHelp({ open, onClose }: Props) {
  const layers = useKeyRegistry((state) => state.layers);
  const groups = new Map<string, Map<string, string>>();
  for (const binding of layers.flat().filter((known) => known.isEnabled !== false)) {
    const group = groups.get(binding.group) ?? new Map<string, string>();
    groups.set(binding.group, group.set(binding.keys, binding.label));
  }
  return (
    <Dialog wide title="Keys" description="What works on this page." open={open} onClose={onClose}>
      <div className="keys-help">
        {[...groups].reverse().map(([group, bindings]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {[...bindings].map(([keys, label]) => (
                <div key={keys}>
                  <dt>{label}</dt>
                  <dd>
                    <KeyCaps keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
