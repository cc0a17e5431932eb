import css from "./NoteText.module.css";

/** The text of a note. Lines that start with # are headings in many systems; everything else stays as it was written. */
export function NoteText({ text }: { text: string }) {
  const blocks = text.trim().split(/^(#{1,6} .*)$/m);
  return (
    <div className={css.note}>
      {blocks.map((block, i) =>
        /^#{1,6} /.test(block) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move.
          <h3 key={i}>{block.replace(/^#+ /, "")}</h3>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move.
          block.trim() && <p key={i}>{block.trim()}</p>
        ),
      )}
    </div>
  );
}
