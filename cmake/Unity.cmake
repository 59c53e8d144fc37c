# Several sources compiled as one, in well under two thirds of the time: for the release and the sanitizer builds, whose results do not
# differ by a bit. The dev build compiles each source alone, so it finds what one forgot to include.
#
# What stands in anonymous namespaces meets in one source then; sources that give something the same name are kept apart. That
# is read from the lines at the left margin, where this project declares what is in no class.
set(TONEWRIGHT_UNITY_SOURCES 10)  # in one at most

function(tonewright_names_in source result)
    file(STRINGS ${source} lines REGEX "^[A-Za-z]")
    set(names "")
    foreach(line IN LISTS lines)
        if(line MATCHES "^namespace |^using namespace ")
            continue()
        elseif(line MATCHES "^(using|struct|class|enum class|enum) ([A-Za-z_0-9]+)")
            list(APPEND names ${CMAKE_MATCH_2})
        elseif(line MATCHES "^[^=(]*[ *&]([A-Za-z_0-9]+)(\\[[^]]*\\])?(\\(| =|{|;)")  # a function, or a constant
            list(APPEND names ${CMAKE_MATCH_1})
        endif()
        string(REGEX MATCHALL ", k[A-Za-z_0-9]+ =" more "${line}")  # constexpr int kFirst = 1, kSecond = 2;
        foreach(name IN LISTS more)
            string(REGEX REPLACE "[, =]" "" name "${name}")
            list(APPEND names ${name})
        endforeach()
    endforeach()
    set(${result} ${names} PARENT_SCOPE)
endfunction()

# tonewright_unity(target source...): each source goes into the first group that has room and none of its names.
function(tonewright_unity target)
    set(groups 0)
    foreach(source IN LISTS ARGN)
        tonewright_names_in(${source} names)
        set(group 0)
        while(group LESS groups)
            set(fits ON)
            foreach(name IN LISTS names)
                if(name IN_LIST names_of_${group})
                    set(fits OFF)
                endif()
            endforeach()
            if(fits AND size_of_${group} LESS TONEWRIGHT_UNITY_SOURCES)
                break()
            endif()
            math(EXPR group "${group} + 1")
        endwhile()
        if(group EQUAL groups)
            set(names_of_${group} "")
            set(size_of_${group} 0)
            math(EXPR groups "${groups} + 1")
        endif()
        list(APPEND names_of_${group} ${names})
        math(EXPR size_of_${group} "${size_of_${group}} + 1")
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
