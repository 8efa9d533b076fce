# bash completion for tigger: the program itself knows its commands and options.
_tigger() {
  local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
  mapfile -t COMPREPLY < <(compgen -W "$(tigger "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word")
}
# Where the program proposes nothing, a file is meant.
complete -o default -F _tigger tigger
