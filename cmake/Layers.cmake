# One target a layer. A layer may link only to layers above it in design order; tests/structure walks the includes.
include(GNUInstallDirs)

add_library(tonewright_warnings INTERFACE)
target_compile_options(tonewright_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Wno-missing-field-initializers
    -Wno-restrict)  # GCC 12 sees overlaps in std::string that are not there
if(TONEWRIGHT_UNITY)  # there a source is included by another, as a header would be
    target_compile_options(tonewright_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(TONEWRIGHT_WERROR AND NOT TONEWRIGHT_SANITIZE)  # sanitized code draws false alarms from GCC 12
    target_compile_options(tonewright_warnings INTERFACE -Werror)
endif()

# tonewright_layer(dsp USES core LIBRARIES PkgConfig::FFTW [EXTRA_SOURCES generated.cpp])
function(tonewright_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 layer "" "" "USES;LIBRARIES;EXTRA_SOURCES")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/main/main\\.cpp$")
    if(NOT sources)
        return()
    endif()
    add_library(tonewright_${name} STATIC ${sources} ${layer_EXTRA_SOURCES})
    add_library(tonewright::${name} ALIAS tonewright_${name})
    if(TONEWRIGHT_UNITY)
        tonewright_unity(tonewright_${name} ${sources})
    endif()
    set_target_properties(tonewright_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
    target_include_directories(tonewright_${name} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tonewright>)
    foreach(used IN LISTS layer_USES)
        target_link_libraries(tonewright_${name} PUBLIC tonewright_${used})
    endforeach()
    target_link_libraries(tonewright_${name} PRIVATE ${layer_LIBRARIES} $<BUILD_INTERFACE:tonewright_warnings>)
    set_property(GLOBAL APPEND PROPERTY TONEWRIGHT_LAYERS tonewright_${name})
endfunction()

# Tests of a layer: every tests/<name>/*.cpp in one program, found by CTest one by one. THREADED: run under ThreadSanitizer
# too. unit_tests and threaded_tests build them all. LABELS: tests of no one layer, which stand apart under this label.
add_custom_target(unit_tests)
add_custom_target(threaded_tests)
function(tonewright_tests name)
    cmake_parse_arguments(PARSE_ARGV 1 tests "THREADED" "LABELS" "USES;LIBRARIES")
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*.cpp)
    if(NOT sources OR NOT (TARGET tonewright_${name} OR tests_LABELS))
        return()
    endif()
    add_executable(test_${name} ${sources})
    if(TONEWRIGHT_UNITY)
        tonewright_unity(test_${name} ${sources})
    endif()
    foreach(used IN LISTS tests_USES)
        target_link_libraries(test_${name} PRIVATE tonewright_${used})
    endforeach()
    target_link_libraries(test_${name} PRIVATE tonewright_test_support ${tests_LIBRARIES} GTest::gtest_main tonewright_warnings)
    target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(test_${name} PRIVATE TONEWRIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    if(tests_LABELS)
        set(labels ${tests_LABELS})
    else()
        add_dependencies(unit_tests test_${name})
        set(labels unit)
    endif()
    if(tests_THREADED)
        add_dependencies(threaded_tests test_${name})
        set(labels unit-threaded)  # one word: ctest -L finds both parts of it
    endif()
    gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 600 LABELS "${labels}")
endfunction()
