/** Asks `kdaemon __complete` for the words; a line `:4` at the end says that file names are not wanted. */
const BASH = `# Completion of kdaemon for bash.
_kdaemon() {
  local typed=\${COMP_LINE:0:COMP_POINT} words line wanted=0
  read -ra words <<< "$typed"
  if [[ $typed == *' ' ]]; then words+=(''); fi
  local last=\${words[-1]}
  # Bash takes = for the end of a word.
  local before=
  if [[ $last == *=* ]]; then before=\${last%%=*}=; fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      wanted=\${line#:}
    else
      line=\${line%%$'\\t'*}
      COMPREPLY+=("\${line#"$before"}")
    fi
  done < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
  if (( wanted & 4 )); then
    compopt +o default 2>/dev/null
  else
    compopt -o default 2>/dev/null
  fi
}
complete -o default -F _kdaemon kdaemon
`;

const ZSH = `#compdef kdaemon
# Completion of kdaemon for zsh.
_kdaemon() {
  local line wanted=0
  local -a found
  while IFS= read -r line; do
    case $line in
      :*) wanted=\${line#:} ;;
      *$'\\t'*) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
      *) found+=("\${line//:/\\\\:}") ;;
    esac
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe kdaemon found
  elif (( ! (wanted & 4) )); then
    _files
  fi
}
if [ "$funcstack[1]" = "_kdaemon" ]; then
  _kdaemon "$@"
else
  compdef _kdaemon kdaemon
fi
`;

const FISH = `# Completion of kdaemon for fish.
function __kdaemon_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l found
    set -l wanted :0
    for line in (kdaemon __complete $words (commandline -ct | string collect --allow-empty) 2>/dev/null)
        if string match -q ':*' -- $line
            set wanted $line
        else
            set -a found $line
        end
    end
    if test (count $found) -eq 0 -a "$wanted" = :0
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c kdaemon -f -a '(__kdaemon_complete)'
`;

/** The scripts by the name of their shell. */
export const COMPLETION_SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['bash', BASH],
  ['zsh', ZSH],
  ['fish', FISH],
]);
