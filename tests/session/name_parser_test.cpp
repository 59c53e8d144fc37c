#include "session/name_parser.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

using namespace tonewright;

namespace {
struct Case {
    const char* name;
    const char* role;
    const char* microphone = "";
    const char* side = "";
};
}  // namespace

TEST(NameParser, ReadsTheNamesThatMusiciansGive) {
    const Case cases[] = {
        // drums
        {"Kick", "drums/kick"},
        {"01 BD", "drums/kick"},
        {"kick drum_02", "drums/kick"},
        {"KICK IN", "drums/kick", "in"},
        {"Kick Out", "drums/kick", "out"},
        {"kickin", "drums/kick", "in"},
        {"Kick_Inside_D112", "drums/kick", "in"},
        {"BassDrum", "drums/kick"},
        {"Bass Drum 1", "drums/kick"},
        {"bass-drum-front", "drums/kick", "out"},
        {"SubKick", "drums/kick", "sub"},
        {"Kick Sub", "drums/kick", "sub"},
        {"Kick Trig", "drums/kick", "trigger"},
        {"KD 2", "drums/kick"},
        {"Kik", "drums/kick"},
        {"808 Kick", "drums/kick"},
        {"Grosse Caisse", "drums/kick"},
        {"Bombo", "drums/kick"},
        {"Bumbo 01", "drums/kick"},
        {"Große Trommel", "drums/kick"},
        {"05_drums_kick_bd-03", "drums/kick"},
        {"02_drums_kdrumr", "drums/kick"},
        {"KickDrum.L", "drums/kick"},
        {"Kick Bass", "drums/kick"},
        {"Snare", "drums/snare"},
        {"SN top", "drums/snare", "top"},
        {"SN bot", "drums/snare", "bottom"},
        {"SnareTop", "drums/snare", "top"},
        {"SNtop", "drums/snare", "top"},
        {"snare_bottom", "drums/snare", "bottom"},
        {"Snare Btm", "drums/snare", "bottom"},
        {"Snare Unten", "drums/snare", "bottom"},
        {"SD", "drums/snare"},
        {"Snr 2", "drums/snare"},
        {"Caisse Claire", "drums/snare"},
        {"Caja", "drums/snare"},
        {"Rullante Sotto", "drums/snare"},
        {"Rimshot", "drums/snare"},
        {"808 Snare", "drums/snare"},
        {"Snare Under 57", "drums/snare", "bottom"},
        {"HiHat", "drums/hihat"},
        {"Hi-Hat", "drums/hihat"},
        {"HH", "drums/hihat"},
        {"Closed_HihHat_03", "drums/hihat"},
        {"Open Hat", "drums/hihat"},
        {"hats loop", "drums/hihat"},
        {"Charleston", "drums/hihat"},
        {"Tom 1", "drums/tom"},
        {"FloorTom", "drums/tom"},
        {"Floor Tom Btm", "drums/tom", "bottom"},
        {"Rack Tom Hi", "drums/tom"},
        {"Toms", "drums/tom"},
        {"Standtom", "drums/tom"},
        {"Hängetom", "drums/tom"},
        {"OH L", "drums/overhead", "", "L"},
        {"OHR", "drums/overhead", "", "R"},
        {"OHs", "drums/overhead"},
        {"Overheads", "drums/overhead"},
        {"Overhead Left", "drums/overhead", "", "L"},
        {"drums_ohl", "drums/overhead", "", "L"},
        {"OH rechts", "drums/overhead", "", "R"},
        {"Overhead Ride Side", "drums/overhead"},
        {"Ride", "drums/ride"},
        {"09_drums_ridel", "drums/ride", "", "L"},
        {"Crash 2", "drums/crash"},
        {"Cymbals", "drums/cymbals"},
        {"Becken", "drums/cymbals"},
        {"Platillos", "drums/cymbals"},
        {"China", "drums/cymbals"},
        {"Room", "drums/room"},
        {"Room L", "drums/room", "", "L"},
        {"Drum Room Mono", "drums/room"},
        {"snare room", "drums/room"},
        {"drums_ambr", "drums/room", "", "R"},
        {"Raum Links", "drums/room", "", "L"},
        {"Far Room", "drums/room"},
        {"Drums", "drums/kit"},
        {"Drum Loop", "drums/kit"},
        {"02_drums_loop_end-drums", "drums/kit"},
        {"Schlagzeug Summe", "drums/kit"},
        {"Batterie", "drums/kit"},
        {"Beat 120bpm", "drums/kit"},
        {"Drum Mix", "drums/kit"},
        {"loop 3", "drums/kit"},
        {"Perc", "drums/percussion"},
        {"Shaker L", "drums/percussion", "", "L"},
        {"Tamb", "drums/percussion"},
        {"Congas", "drums/percussion"},
        {"Claps", "drums/percussion"},
        {"808 Cowbell", "drums/percussion"},
        {"Pandeiro", "drums/percussion"},
        {"Percusión", "drums/percussion"},
        {"Finger Snaps", "drums/percussion"},
        // bass
        {"Bass", "bass/electric"},
        {"Bass DI", "bass/electric", "di"},
        {"BassDI", "bass/electric", "di"},
        {"24_bass_amp", "bass/electric", "amp"},
        {"bass2_amp", "bass/electric", "amp"},
        {"Bass Guitar", "bass/electric"},
        {"Bass Gtr DI", "bass/electric", "di"},
        {"guitar amp bass", "bass/electric", "amp"},
        {"02_bass_bass-slap-02", "bass/electric"},
        {"E-Bass", "bass/electric"},
        {"Basse", "bass/electric"},
        {"Bajo", "bass/electric"},
        {"Baixo DI", "bass/electric", "di"},
        {"Basso", "bass/electric"},
        {"Synth Bass", "bass/synth"},
        {"Bass Synth", "bass/synth"},
        {"Moog Bass", "bass/synth"},
        {"Bass (Juno)", "bass/synth"},
        {"Reese", "bass/synth"},
        {"Sub", "bass/sub"},
        {"Sub Bass", "bass/sub"},
        {"808", "bass/sub"},
        {"808 Bass", "bass/sub"},
        {"Upright Bass", "bass/acoustic"},
        {"Double Bass", "bass/acoustic"},
        {"Kontrabass", "bass/acoustic"},
        {"Contrabajo", "bass/acoustic"},
        // guitars
        {"Gtr 1", "guitar/electric"},
        {"16_gtr1_di", "guitar/electric", "di"},
        {"25_gtr1_amp", "guitar/electric", "amp"},
        {"Guitar L", "guitar/electric", "", "L"},
        {"GTRs", "guitar/electric"},
        {"lead gtr", "guitar/electric"},
        {"Lead Guitar DI", "guitar/electric", "di"},
        {"Rhythm Gtr R", "guitar/electric", "", "R"},
        {"Gitarre links", "guitar/electric", "", "L"},
        {"E-Gitarre", "guitar/electric"},
        {"Guitarra", "guitar/electric"},
        {"Chitarra Elettrica", "guitar/electric"},
        {"Gutar", "guitar/electric"},
        {"Dist Gtr L", "guitar/electric-driven", "", "L"},
        {"Guitar Crunch 2", "guitar/electric-driven"},
        {"Heavy Guitars", "guitar/electric-driven"},
        {"Clean Guitar", "guitar/electric-clean"},
        {"Gtr Cln", "guitar/electric-clean"},
        {"Ac Gtr", "guitar/acoustic"},
        {"AcGtr_L", "guitar/acoustic", "", "L"},
        {"Acoustic Guitar", "guitar/acoustic"},
        {"Guitar Acoustic 2", "guitar/acoustic"},
        {"Akustikgitarre", "guitar/acoustic"},
        {"Guitare acoustique", "guitar/acoustic"},
        {"Violão", "guitar/acoustic"},
        {"12 String", "guitar/acoustic"},
        {"Nylon Guitar", "guitar/acoustic"},
        {"Ukulele", "guitar/acoustic"},
        {"Gtr Vox AC30", "guitar/electric", "amp"},
        {"Tom's Guitar", "guitar/electric"},
        // keys, synths, pads
        {"Piano", "keys/piano"},
        {"18_piano_ch4", "keys/piano"},
        {"Pno L", "keys/piano", "", "L"},
        {"Klavier", "keys/piano"},
        {"Flügel rechts", "keys/piano", "", "R"},
        {"Upright Piano Room", "keys/piano", "room"},
        {"E-Piano", "keys/electric-piano"},
        {"EPiano", "keys/electric-piano"},
        {"EP", "keys/electric-piano"},
        {"Rhodes", "keys/electric-piano"},
        {"21_keys_electric-piano-2_ch2", "keys/electric-piano"},
        {"Wurli", "keys/electric-piano"},
        {"Hammond", "keys/organ"},
        {"B3 Leslie", "keys/organ"},
        {"Orgel", "keys/organ"},
        {"23_keys_clavinet_ch9", "keys/clavinet"},
        {"Clav", "keys/clavinet"},
        {"Keys", "keys/keyboard"},
        {"Teclado", "keys/keyboard"},
        {"Synth 2", "keys/synth"},
        {"Syn", "keys/synth"},
        {"06_synth_lead_minilogue-synth", "synth/lead"},
        {"Synth Lead", "synth/lead"},
        {"Lead Synth 2", "synth/lead"},
        {"Arp", "synth/arp"},
        {"Synth Pluck", "synth/arp"},
        {"Pad", "pad/synth"},
        {"Synth Pad", "pad/synth"},
        {"Flächen", "pad/synth"},
        {"ambient pad", "pad/synth"},
        // strings, brass, winds, mallets
        {"Strings High", "strings/ensemble"},
        {"22_strings_strings-1_ch7", "strings/ensemble"},
        {"Streicher", "strings/ensemble"},
        {"Cuerdas", "strings/ensemble"},
        {"Violin", "strings/solo"},
        {"Strings Cello", "strings/solo"},
        {"Vln 1", "strings/solo"},
        {"Harp", "strings/plucked"},
        {"Brass", "brass/ensemble"},
        {"Horns", "brass/ensemble"},
        {"Trumpet 2", "brass/solo"},
        {"Bass Trombone", "brass/solo"},
        {"Posaune", "brass/solo"},
        {"19_sax_ch5", "winds/sax"},
        {"Tenor Sax", "winds/sax"},
        {"Bass Clarinet", "winds/clarinet"},
        {"Flöte", "winds/flute"},
        {"Harmonica", "winds/harmonica"},
        {"05_mallets_mallet", "mallets/mallets"},
        {"Glockenspiel", "mallets/mallets"},
        {"Vibes", "mallets/mallets"},
        // vocals
        {"Vox", "vocals/lead"},
        {"LV", "vocals/lead"},
        {"08_vocals_lead_vox-lead", "vocals/lead"},
        {"Lead Vocal", "vocals/lead"},
        {"LeadVox_comp", "vocals/lead"},
        {"lead vocal double", "vocals/lead"},
        {"Gesang", "vocals/lead"},
        {"Voz principal", "vocals/lead"},
        {"Voix", "vocals/lead"},
        {"Vocals_Dry", "vocals/lead"},
        {"Vocal Room", "vocals/lead", "room"},
        {"BV 1", "vocals/backing"},
        {"BVs", "vocals/backing"},
        {"BGV L", "vocals/backing", "", "L"},
        {"Backing Vocals", "vocals/backing"},
        {"Vox Harmony High", "vocals/backing"},
        {"Vox Harm R", "vocals/backing", "", "R"},
        {"Ad Libs", "vocals/backing"},
        {"Chœurs", "vocals/backing"},
        {"Coros", "vocals/backing"},
        {"Gang Vox", "vocals/backing"},
        {"Chor", "vocals/choir"},
        {"Choir Bass", "vocals/choir"},
        {"Speech", "vocals/speech"},
        {"VO take 3", "vocals/speech"},
        {"Sprecher", "vocals/speech"},
        // the rest
        {"07_fx_microcosm-effect", "effects/effect"},
        {"FX", "effects/effect"},
        {"Riser", "effects/effect"},
        {"Reverse Cymbal", "effects/effect"},
        {"Vocal FX", "effects/effect"},
        {"04_pad_and_bass_pad-bass", "mix/submix"},
        {"PAD + BASS", "mix/submix"},
        {"02_band", "mix/submix"},
        {"other", "mix/submix"},
        {"Rough Mix", "mix/programme"},
        {"mix_reference", "mix/programme"},
        {"Click", "utility/click"},
        {"Metronom", "utility/click"},
        {"Audio 01", "unknown"},
        {"Track 3", "unknown"},
        {"2024-05-31 take 7", "unknown"},
        {"untitled", "unknown"},
        {"", "unknown"},
    };
    EXPECT_GE(std::size(cases), 150u);
    for (const Case& example : cases) {
        const NameReading reading = readName(example.name);
        EXPECT_EQ(reading.role, example.role) << example.name;
        EXPECT_EQ(reading.microphone, example.microphone) << example.name;
        EXPECT_EQ(reading.side, example.side) << example.name;
        if (reading.role == kUnknownRole)
            EXPECT_EQ(reading.confidence, 0.0) << example.name;
        else
            EXPECT_GE(reading.confidence, 0.5) << example.name;
    }
}

TEST(NameParser, NamesThatMeanTheSameReadTheSame) {
    for (const char* name : {"Kick", "01 BD", "kick drum_02", "KICK", "bass-drum", "BassDrum", "03-Kick.dup1", "Kick (take 4)"}) {
        EXPECT_EQ(readName(name).role, "drums/kick") << name;
        EXPECT_EQ(readName(name).confidence, 0.95) << name;
    }
}

TEST(NameParser, AccentsMayBeComposedOrNot) {
    EXPECT_EQ(readName("Fl\u00FCgel"), readName("Flu\u0308gel"));
    EXPECT_EQ(readName("Fl\u00FCgel").role, "keys/piano");
    EXPECT_EQ(readName("\uFF2B\uFF29\uFF23\uFF2B").role, "drums/kick") << "full-width letters";
}

TEST(NameParser, NumbersAndDoublesAreRead) {
    EXPECT_EQ(readName("Gtr 2 DI").number, 2);
    EXPECT_EQ(readName("16_gtr1_di").number, 1);
    EXPECT_EQ(readName("Vox take 3").number, 0);
    for (const char* name : {"4_Strings (low)", "5 Strings", "6 Strings"}) EXPECT_EQ(readName(name).role, "strings/ensemble") << name << " is a numbered track, no bass or guitar of so many strings";
    EXPECT_TRUE(readName("Lead Vocal Double").isDouble);
    EXPECT_TRUE(readName("Lead Gtr").isLead && readName("Sax Solo").isLead);
    EXPECT_FALSE(readName("Lead Vocal").isLead || readName("Rhythm Gtr").isLead);
    EXPECT_FALSE(readName("Double Bass").isDouble);
    EXPECT_EQ(readName("Bass DI").key, readName("03 Bass Amp").key);
    EXPECT_NE(readName("Gtr 1 DI").key, readName("Gtr 2 Amp").key);
}

TEST(NameParser, TheSongsTitleIsPutAside) {
    const auto readings = readNames({{"Bass Culture - Kick", ""}, {"Bass Culture - Vox", ""}, {"Bass Culture - 03", ""}, {"Bass Culture - Synth", ""}});
    EXPECT_EQ(readings[0].role, "drums/kick");
    EXPECT_EQ(readings[0].confidence, 0.95);
    EXPECT_EQ(readings[1].role, "vocals/lead");
    EXPECT_EQ(readings[3].role, "keys/synth");
}

TEST(NameParser, AWordThatAllShareIsNotAlwaysATitle) {
    const auto readings = readNames({{"Guitar lead", ""}, {"Guitar 1", ""}, {"Guitar 2", ""}});
    for (const NameReading& reading : readings) EXPECT_EQ(reading.role, "guitar/electric");
}

TEST(NameParser, FoldersHelpWhereTheNameIsSilent) {
    EXPECT_EQ(readName("01", "Drums").role, "drums/kit");
    EXPECT_LT(readName("01", "Drums").confidence, 0.8);
    EXPECT_EQ(readName("Take 1", "Lead Vocals").role, "vocals/lead");
    EXPECT_EQ(readName("Vox 1", "BVs").role, "vocals/backing");
    EXPECT_EQ(readName("Kick", "Vocals").role, "drums/kick") << "the name knows better";
    EXPECT_EQ(readName("in", "Kick").microphone, "in");
}

TEST(NameParser, AmbiguousNamesAreBelievedLess) {
    EXPECT_LT(readName("Piano Flute").confidence, 0.7);
    EXPECT_LT(readName("Lead").confidence, 0.7);
    EXPECT_LT(readName("Vox").confidence, readName("Lead Vox").confidence);
    EXPECT_LT(readName("Acoustic").confidence, readName("Acoustic Guitar").confidence);
}

TEST(NameParser, SurvivesAnything) {
    const std::string pieces[] = {"kick", "\xF0\x9F\xA5\x81", "\xFF", "\xC3", "9", "L", " ", "-", "A", "\u0301", "808", "dr", "\n", "\xED\xA0\x80"};
    std::uint64_t state = 1;
    for (int i = 0; i < 3000; ++i) {
        std::string name;
        for (int k = 0; k < 12; ++k) name += pieces[((state = state * 6364136223846793005u + 1442695040888963407u) >> 33) % std::size(pieces)];
        const NameReading reading = readName(name, name);
        EXPECT_NE(findRole(reading.role), nullptr);
        EXPECT_TRUE(reading.confidence >= 0.0 && reading.confidence <= 0.95);
    }
    EXPECT_EQ(readName(std::string(100000, 'k')).role, kUnknownRole);
}
