# bash completion for recto
_recto()
{
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= i
    local commands="init demo load search browse authority set show versions diff blame restore save merge combine undo-merge match rule job convert validate external target lock serve gateway profile template new strings macros user setting checks check backup keymap keys"
    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $commands " in
            *" ${COMP_WORDS[i]} "*) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    case $previous in
        --zone) COMPREPLY=($(compgen -W "iz nz cz all" -- "$word")); return ;;
        --format | --from | --to) COMPREPLY=($(compgen -W "marc marcxml mrk json line csv none" -- "$word")); return ;;
        --type) COMPREPLY=($(compgen -W "all-titles physical-titles electronic-titles physical-items authorities" -- "$word")); return ;;
        --sort) COMPREPLY=($(compgen -W "rank title creator date newest modified created mms title-backwards creator-backwards series series-backwards uniform-title uniform-title-backwards call-number call-number-backwards" -- "$word")); return ;;
        --rule)
            if [[ $command == rule ]]; then i="norm|indication|brief"; else i=merge; fi
            COMPREPLY=($(compgen -W "$(recto rule list 2> /dev/null | awk -F '\t' -v l="^($i)$" '$1 ~ l { print $2 }')" -- "$word") $(compgen -f -- "$word"))
            return ;;
        --method) COMPREPLY=($(compgen -W "$(recto match --help 2> /dev/null | sed -n 's/^  \([a-z0-9-]*\) .*/\1/p')" -- "$word")); return ;;
        --language) COMPREPLY=($(compgen -W "merge norm indication brief" -- "$word")); return ;;
        --secondary) COMPREPLY=($(compgen -W "delete suppress keep" -- "$word")); return ;;
        --on-match) COMPREPLY=($(compgen -W "merge overlay new refuse" -- "$word")); return ;;
        --severity) COMPREPLY=($(compgen -W "block warning info" -- "$word")); return ;;
        --keymap | keymap) COMPREPLY=($(compgen -W "default connexion vi emacs" -- "$word")); return ;;
        --theme) COMPREPLY=($(compgen -W "slate paper high-contrast mono solarized" -- "$word")); return ;;
        --target | test) COMPREPLY=($(compgen -W "all $(recto target list 2> /dev/null | cut -f 1)" -- "$word")); return ;;
    esac
    if [[ $word == -* ]]; then
        case $command in
            "") COMPREPLY=($(compgen -W "--repo --user --institution --config --keymap --theme --linear --password-file --json --help --version" -- "$word")) ;;
            init) COMPREPLY=($(compgen -W "--institution --network" -- "$word")) ;;
            load) COMPREPLY=($(compgen -W "--zone --format --encoding --rejects --restart --as-is --progress-json --jobs --memory" -- "$word")) ;;
            search) COMPREPLY=($(compgen -W "--type --zone --index --limit --count --sort --facets --facet --format" -- "$word")) ;;
            browse) COMPREPLY=($(compgen -W "--zone --source --before --after" -- "$word")) ;;
            set) COMPREPLY=($(compgen -W "--note --public --kind --items --zone --type --unfound" -- "$word")) ;;
            show) COMPREPLY=($(compgen -W "--format --version" -- "$word")) ;;
            diff) COMPREPLY=($(compgen -W "--all" -- "$word")) ;;
            blame) COMPREPLY=($(compgen -W "--subfields" -- "$word")) ;;
            restore) COMPREPLY=($(compgen -W "--field" -- "$word")) ;;
            target) COMPREPLY=($(compgen -W "--host --port --database --label" -- "$word")) ;;
            save) COMPREPLY=($(compgen -W "--zone --policy --on-match --if-version --format" -- "$word")) ;;
            merge) COMPREPLY=($(compgen -W "--rule --from --to --preview --zone" -- "$word")) ;;
            combine) COMPREPLY=($(compgen -W "--rule --secondary --plan --yes" -- "$word")) ;;
            match) COMPREPLY=($(compgen -W "--method --zone --from --why-not" -- "$word")) ;;
            rule) COMPREPLY=($(compgen -W "--rule --from --to --keep --reject --why --keep-empty --jobs --dry-run --set --index --sample --diff --apply-exactly --language --zone --version --note --if-version --despite" -- "$word")) ;;
            job) COMPREPLY=($(compgen -W "--limit" -- "$word")) ;;
            convert) COMPREPLY=($(compgen -W "--from --to --from-encoding --to-encoding --references --lossy --long-records --mnemonics --jobs" -- "$word")) ;;
            validate) COMPREPLY=($(compgen -W "--severity --profile --checks --zone --codes --from" -- "$word")) ;;
            external) COMPREPLY=($(compgen -W "--target --index --limit --address" -- "$word")) ;;
            gateway) COMPREPLY=($(compgen -W "--day --from --to --oclc --outcome --of --number --limit --listen --port" -- "$word")) ;;
            serve) COMPREPLY=($(compgen -W "--listen --port --z3950-port --check" -- "$word")) ;;
            check) COMPREPLY=($(compgen -W "--full --rebuild-index" -- "$word")) ;;
        esac
        return
    fi
    case $command in
        "") COMPREPLY=($(compgen -W "$commands" -- "$word")) ;;
        target) COMPREPLY=($(compgen -W "list test add" -- "$word")) ;;
        authority) COMPREPLY=($(compgen -W "bibs former update" -- "$word")) ;;
        lock) COMPREPLY=($(compgen -W "list break" -- "$word")) ;;
        browse) COMPREPLY=($(compgen -W "names subjects series titles call-numbers shelf" -- "$word")) ;;
        set) COMPREPLY=($(compgen -W "list members keep fill unite intersect subtract delete" -- "$word")) ;;
        job) COMPREPLY=($(compgen -W "list show records revert" -- "$word")) ;;
        rule)
            case $previous in
                rule) COMPREPLY=($(compgen -W "check print apply list show save versions delete use" -- "$word")) ;;
                use) COMPREPLY=($(compgen -W "$(recto rule use 2> /dev/null | cut -f 1)" -- "$word")) ;;
                show | versions | delete | save) COMPREPLY=($(compgen -W "$(recto rule list 2> /dev/null | cut -f 2)" -- "$word")) ;;
                *) COMPREPLY=($(compgen -f -- "$word")) ;;
            esac ;;
        serve) COMPREPLY=($(compgen -W "gateway z3950 all" -- "$word")) ;;
        gateway) COMPREPLY=($(compgen -W "log retry status" -- "$word")) ;;
        template) COMPREPLY=($(compgen -W "list show export import delete --name --scope" -- "$word")) ;;
        setting) COMPREPLY=($(compgen -W "list get set --zone central_record_management serial_match_profile non_serial_match_profile match_on_every_save ignore_cz_records rules_by_institutions cataloging_levels call_number_fields default_library default_location libraries locations symbol heading_extract index_labels alternate_graphic_representation_editing lock_timeout_minutes lock_idle_minutes" -- "$word")) ;;
        checks) COMPREPLY=($(compgen -W "list export import clear --zone" -- "$word")) ;;
        new) COMPREPLY=($(compgen -W "--template --to" -- "$word")) ;;
        strings|macros) COMPREPLY=($(compgen -W "export import --shared" -- "$word")) ;;
        profile) COMPREPLY=($(compgen -W "list show set import export delete passwd check keys" -- "$word")) ;;
        user) COMPREPLY=($(compgen -W "add list passwd roles level levels" -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
    esac
}
complete -F _recto recto
