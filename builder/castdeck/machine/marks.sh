# Marks where prompts and commands begin and end (OSC 133, as FinalTerm, iTerm2 and VTE have them), for the recorder only.
__castdeck_prompt() {
    __castdeck_status=$?
    printf '\033]133;D;%s\007' "$__castdeck_status"
    case $PS1 in
    *'133;B'*) ;;
    *) PS1='\[\033]133;A\007\]'$PS1'\[\033]133;B\007\]' ;;
    esac
    return "$__castdeck_status"
}
PROMPT_COMMAND=__castdeck_prompt
PS0='\033]133;C\007'
PS2='> \[\033]133;P;k=s\007\]'
HISTCONTROL=ignorespace
HISTFILE=
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set horizontal-scroll-mode off'
