# bash completion for recto
_recto()
{
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= i
    local commands="init demo load search show versions save merge match convert validate external target lock serve user check backup keymap"
    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $commands " in
            *" ${COMP_WORDS[i]} "*) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    case $previous in
        --zone) COMPREPLY=($(compgen -W "iz nz cz all" -- "$word")); return ;;
        --format | --from | --to) COMPREPLY=($(compgen -W "marc marcxml mrk json line none" -- "$word")); return ;;
        --type) COMPREPLY=($(compgen -W "all-titles physical-titles electronic-titles physical-items" -- "$word")); return ;;
        --sort) COMPREPLY=($(compgen -W "rank title creator date newest modified created mms" -- "$word")); return ;;
        --rule) COMPREPLY=($(compgen -W "overlay-but-local replace-245-035 keep-old conditional-subjects" -- "$word")); return ;;
        --method) COMPREPLY=($(compgen -W "unique-oclc 035 isbn isbn-exact issn issn-exact" -- "$word")); return ;;
        --on-match) COMPREPLY=($(compgen -W "merge overlay new refuse" -- "$word")); return ;;
        --severity) COMPREPLY=($(compgen -W "block warning info" -- "$word")); return ;;
        --keymap | keymap) COMPREPLY=($(compgen -W "default connexion vi emacs" -- "$word")); return ;;
        --theme) COMPREPLY=($(compgen -W "slate paper high-contrast mono solarized" -- "$word")); return ;;
        --target | test) COMPREPLY=($(compgen -W "all $(recto target list 2> /dev/null | cut -f 1)" -- "$word")); return ;;
    esac
    if [[ $word == -* ]]; then
        case $command in
            "") COMPREPLY=($(compgen -W "--repo --user --institution --config --keymap --theme --password-file --json --help --version" -- "$word")) ;;
            init) COMPREPLY=($(compgen -W "--institution --network" -- "$word")) ;;
            load) COMPREPLY=($(compgen -W "--zone --format --encoding --rejects --restart --as-is --progress-json --jobs" -- "$word")) ;;
            search) COMPREPLY=($(compgen -W "--type --zone --index --limit --count --sort" -- "$word")) ;;
            show) COMPREPLY=($(compgen -W "--format --version" -- "$word")) ;;
            save) COMPREPLY=($(compgen -W "--zone --policy --on-match --if-version --format" -- "$word")) ;;
            merge) COMPREPLY=($(compgen -W "--rule --from --to --preview" -- "$word")) ;;
            match) COMPREPLY=($(compgen -W "--method --zone --from" -- "$word")) ;;
            convert) COMPREPLY=($(compgen -W "--from --to --from-encoding --to-encoding --references --lossy --long-records --jobs" -- "$word")) ;;
            validate) COMPREPLY=($(compgen -W "--severity --profile --codes --from" -- "$word")) ;;
            external) COMPREPLY=($(compgen -W "--target --index --limit --address" -- "$word")) ;;
            serve) COMPREPLY=($(compgen -W "--listen --port" -- "$word")) ;;
            check) COMPREPLY=($(compgen -W "--full --rebuild-index" -- "$word")) ;;
        esac
        return
    fi
    case $command in
        "") COMPREPLY=($(compgen -W "$commands" -- "$word")) ;;
        target) COMPREPLY=($(compgen -W "list test" -- "$word")) ;;
        lock) COMPREPLY=($(compgen -W "list break" -- "$word")) ;;
        serve) COMPREPLY=($(compgen -W "z3950" -- "$word")) ;;
        user) COMPREPLY=($(compgen -W "add list passwd roles" -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}
complete -F _recto recto
