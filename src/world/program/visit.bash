# What the interactive bash of a visit begins with, and every interactive bash that is started in it (by ~/.bashrc).
# It tells labrun of each command over a FIFO of its own, so nothing that is printed can be mistaken for that, and has the
# commands that talk to labrun. All of its own names begin with __labrun; `labrun WORD` works whatever else is called WORD.

__labrun_token=@token@ __labrun_side=@side@ __labrun_in=@in@ __labrun_waits='' __labrun_begun=yes
__labrun_words='@words@'

# KIND STATUS: what has come into the history since the last prompt, and where this is. While a command runs, HISTCMD is its
# own number. The definition of a function is no command, so it may have come before the first.
__labrun_tell() {
  builtin local number=$HISTCMD HISTTIMEFORMAT='' count IFS=$' \t\n'
  count=$((number - ${__labrun_last:-number}))
  [ "$1" = prompt ] || ((++count > 0)) || count=1
  ((count > 0)) || count=0
  {
    builtin printf '%s %s %s %s %s %s %s:%s\n' "$__labrun_token" "$1" "$$" "$2" "$SHLVL" "$number" "$count" "$__labrun_waits"
    ((count == 0)) || builtin history "$count"
    builtin printf '\0'
  } >"$__labrun_side"
}

# Before each command of a line: tells of the first.
__labrun_begin() {
  if [ -n "$__labrun_begun$__labrun_waits${COMP_LINE-}" ]; then builtin return; fi
  case $BASH_COMMAND in __labrun*) builtin return ;; esac
  __labrun_begun=yes
  __labrun_tell start 0
}

# After each command.
__labrun_prompt() {
  builtin local status=$?
  # A shell in this one was left for good, and this one with it.
  [ ! -e @leave@ ] || __labrun_exit
  __labrun_tell prompt "$status"
  __labrun_last=$HISTCMD __labrun_begun=''
  builtin history -a
  builtin return "$status"
}

# While labrun goes on with the lab, what it types into this terminal comes in here; `go` gives the prompt back.
__labrun_typed() {
  [ -n "$__labrun_waits" ] || builtin return 1
  IFS= builtin read -r __labrun_line <"$__labrun_in" || builtin return 1
  case $__labrun_line in
  ": go leave"*) __labrun_exit ;;
  ": go "*) __labrun_waits=''; builtin return 1 ;;
  esac
}

__labrun_watch() {
  builtin local hook='{ __labrun_prompt; } 2>/dev/null; while { __labrun_typed; } 2>/dev/null; do builtin eval "$__labrun_line"; done </dev/null >@out@ 2>&1'
  # Bash before 5.1 knows no list of them.
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then PROMPT_COMMAND[9]=$hook
  else PROMPT_COMMAND=$hook; fi
  # Bash sets $_ to the last word here, so it stays what it was. PS0 would cost a process for each command.
  builtin trap '{ __labrun_begin "$_"; } 2>/dev/null' DEBUG
}

labrun() {
  builtin local word=${1-help} line IFS=$' \t\n'
  case " $__labrun_words " in
  *" $word "*) ;;
  *) builtin printf 'labrun: there is no command "%s" here; there are: %s\n' "$word" "$__labrun_words" >&2; builtin return 2 ;;
  esac
  case $word in follow | quit)
    if [ -n "$(builtin jobs -s -p)" ] && [ "${__labrun_warned-}" != "$HISTCMD" ]; then
      builtin printf 'These are stopped, not ended; "%s" once more ends them:\n' "$word" >&2
      builtin jobs -s >&2
      __labrun_warned=$((HISTCMD + 1))
      builtin return 1
    fi
  esac
  builtin printf '%s ask %s %s\0' "$__labrun_token" "$$" "$*" >"$__labrun_side"
  # These may build the world anew, or type into this terminal: they wait for the end of the whole command line.
  case $word in next | back | reset | follow | quit) __labrun_waits=$word; builtin return 0 ;; esac
  while IFS= builtin read -r line <"$__labrun_in"; do
    case $line in ": go "*) builtin return "${line##* }" ;; esac
  done
}

# A program of that name stays within reach: with arguments, or as `command NAME`.
for __labrun_word in $__labrun_words; do
  builtin eval "$__labrun_word() { if [ \$# -gt 0 ] && builtin type -t -P $__labrun_word >/dev/null; then builtin command $__labrun_word \"\$@\"; else labrun $__labrun_word \"\$@\"; fi; }"
done
help() { if [ $# -gt 0 ]; then builtin help "$@"; else labrun help; fi; }

# What labrun wants to say is printed above the prompt; readline draws the prompt, and what is being typed, anew.
__labrun_say() {
  builtin local status=$? line
  case "${PROMPT_COMMAND[*]-}" in
  *__labrun_prompt*) ;;
  *)
    builtin printf 'labrun had lost sight of what you type, because PROMPT_COMMAND was changed. It looks again.\n'
    __labrun_watch
    { __labrun_tell prompt "$status"; } 2>/dev/null
    __labrun_last=$HISTCMD
    ;;
  esac
  # No command substitution here: with one, bash 5.2 breaks the aliases of the line that is being typed.
  IFS= builtin read -r -d '' line <@line@ || builtin :
  line=${line%$'\n'}
  [ -z "$line" ] || builtin printf '%s\n' "$line"
  builtin return "$status"
}

# What of the shell may be handed on: NAME => the text that makes it. Functions of completions (_*) are found anew.
__labrun_look() {
  builtin local -n __labrun_into=$1
  builtin local __labrun_name __labrun_text "__labrun_ifs=${IFS@A}"
  builtin local IFS=$' \t\n'
  for __labrun_name in $(builtin compgen -A variable); do
    case $__labrun_name in
    _* | BASH* | LABRUN* | COMP* | EPOCH* | HIST* | FUNCNAME | LINENO | *RANDOM | SECONDS | PIPESTATUS | DIRSTACK | GROUPS) builtin continue ;;
    OPT* | PWD | OLDPWD | SHLVL | SHELLOPTS | PPID | UID | EUID | COLUMNS | LINES | PROMPT* | PS? | TERM | COLORTERM | LS_COLORS | READLINE*) builtin continue ;;
    esac
    if [ "$__labrun_name" = IFS ]; then __labrun_text=$__labrun_ifs; else builtin eval "__labrun_text=\${$__labrun_name[@]@A}"; fi
    [ -z "$__labrun_text" ] || __labrun_into["-v $__labrun_name"]=$__labrun_text
  done
  for __labrun_name in $(builtin compgen -A function); do
    case " _ $__labrun_words labrun help quote dequote quote_readline " in *" ${__labrun_name/#_*/_} "*) builtin continue ;; esac
    __labrun_into["-f $__labrun_name"]=$(builtin declare -f "$__labrun_name")
  done
  for __labrun_name in "${!BASH_ALIASES[@]}"; do
    builtin printf -v __labrun_text 'alias %q=%q' "$__labrun_name" "${BASH_ALIASES[$__labrun_name]}"
    __labrun_into["alias $__labrun_name"]=$__labrun_text
  done
  for __labrun_name in allexport errexit noclobber noglob nounset pipefail; do
    case ":$SHELLOPTS:" in *":$__labrun_name:"*) __labrun_text="set -o $__labrun_name" ;; *) __labrun_text="set +o $__labrun_name" ;; esac
    __labrun_into["set $__labrun_name"]=$__labrun_text
  done
  for __labrun_name in dotglob extglob failglob globstar nocaseglob nocasematch nullglob; do
    case ":$BASHOPTS:" in *":$__labrun_name:"*) __labrun_text="shopt -s $__labrun_name" ;; *) __labrun_text="shopt -u $__labrun_name" ;; esac
    __labrun_into["shopt $__labrun_name"]=$__labrun_text
  done
}

# Writes down what has changed, for the shell that waits.
__labrun_leave() {
  if [ -n "${__labrun_left-}" ]; then builtin return 0; fi
  __labrun_left=yes
  builtin local -A __labrun_now
  builtin local __labrun_name __labrun_line __labrun_all=''
  __labrun_look __labrun_now
  for __labrun_name in "${!__labrun_base[@]}"; do
    [ -n "${__labrun_now[$__labrun_name]+x}" ] && builtin continue
    case $__labrun_name in alias*) __labrun_all+="builtin un$__labrun_name"$'\n' ;; *) __labrun_all+="builtin unset $__labrun_name"$'\n' ;; esac
  done
  for __labrun_name in "${!__labrun_now[@]}"; do
    [ "${__labrun_now[$__labrun_name]}" = "${__labrun_base[$__labrun_name]-}" ] || __labrun_all+=${__labrun_now[$__labrun_name]}$'\n'
  done
  builtin printf -v __labrun_line 'builtin cd -- %q\numask %s\n' "$PWD" "$(umask)"
  { builtin printf '%s' "$__labrun_all$__labrun_line" >@back@.new && builtin command -p mv -f @back@.new @back@; } 2>/dev/null ||
    builtin printf 'labrun: what you have changed in this shell is lost: %s is full\n' '@visits@' >@tty@
}

__labrun_exit() {
  # Somebody else may have taken the trap.
  [ -z "$__labrun_first" ] || __labrun_leave
  builtin local job IFS=$' \t\n'
  for job in $(builtin jobs -s -p); do builtin kill -HUP -"$job"; builtin kill -CONT -"$job"; done
  builtin disown -a
  : >@leave@
  builtin exit 0
} 2>/dev/null

__labrun_first=''
if [ "${LABRUN_SHELL-}" != @rc@ ]; then
  # The first one: it gets the state of the terminal's shell.
  __labrun_first=$SHLVL
  if [ -e @past@ ]; then
    IFS= builtin read -r -d '' __labrun_past <@past@
    builtin printf '%s' "$__labrun_past" >@history@
    builtin unset -v __labrun_past
  fi
  . @state@ >/dev/null 2>&1
  builtin export LABRUN_SHELL=@rc@ LABRUN_FIRST=$$
  [ -z '@colorterm@' ] || builtin export COLORTERM='@colorterm@'
  builtin declare -A __labrun_base
  builtin trap '__labrun_leave' EXIT
elif [ "${LABRUN_FIRST-}" = "$$" ]; then
  # `exec bash`: it takes the place of the first one, and hands on all that it has.
  __labrun_first=exec
  builtin declare -A __labrun_base
  builtin trap '__labrun_leave' EXIT
fi
builtin shopt -s checkwinsize cmdhist lithist histappend expand_aliases
builtin trap '{ builtin return 130; } 2>/dev/null' RTMAX
HISTFILE=@history@ HISTSIZE=5000 HISTFILESIZE=5000 HISTCONTROL='' HISTIGNORE='' HISTTIMEFORMAT=''

for __labrun_name in /etc/terminfo /lib/terminfo /usr/share/terminfo; do
  [ ! -e "$__labrun_name/${TERM:0:1}/$TERM" ] || __labrun_terminal=known
done
[ "${__labrun_terminal-}" = known ] || TERM=xterm-256color
if [ -z '@plain@' ]; then
  [ -n "${LS_COLORS-}" ] || builtin eval "$(dircolors -b 2>/dev/null)"
  builtin alias ls='ls --color=auto' grep='grep --color=auto' ip='ip -color=auto' diff='diff --color=auto'
  __labrun_paint='\[\e[1;32m\]' __labrun_plain='\[\e[0m\]'
fi
__labrun_space=$(ip netns identify 2>/dev/null)
PS1="${__labrun_paint-}\u@\h${__labrun_space:+[$__labrun_space]}${__labrun_plain-}:\w\\$ "
[ ! -r /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion
builtin complete -W "$__labrun_words" labrun
for __labrun_name in emacs vi-insert vi-command; do builtin bind -m "$__labrun_name" -x '"\C-x\C-_": __labrun_say'; done
__labrun_watch
case $__labrun_first in exec | '') ;; *) __labrun_look __labrun_base ;; esac
